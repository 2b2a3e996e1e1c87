import type { ErrorCode } from '#contracts/errors.ts';
import { type CallerName, PAGE } from './refusing-server.ts';

/** Means the origin of the page that Millrace itself serves. */
export const OWN = 'own';

/** A request for a metric that must be refused, by whatever transport it comes. */
export interface EntryCase {
  case: string;
  /** The caller, or a text that is not a key. */
  by: CallerName | { text: string };
  metric?: string;
  origin?: string;
  host?: string;
  code: ErrorCode;
}

// biome-ignore format: a table is read by its rows
export const ENTRY_CASES: EntryCase[] = [
  { case: 'no key', by: 'nobody', code: 'missing_key' },
  { case: 'no key, for a metric that is not there', by: 'nobody', metric: 'none', code: 'missing_key' },
  { case: 'a text that is no key', by: { text: 'open-sesame' }, code: 'invalid_key' },
  { case: 'a key that nobody made', by: { text: `mr_${'0'.repeat(12)}_${'0'.repeat(48)}` }, code: 'invalid_key' },
  { case: 'the operator, mistyped', by: { text: 'the-operator-s-own-long-random-kez' }, code: 'invalid_key' },
  { case: 'a revoked key', by: 'revoked reader', code: 'invalid_key' },
  { case: 'an expired key', by: 'expired reader', code: 'expired_key' },
  { case: 'a key for writing', by: 'writer', code: 'forbidden_scope' },
  { case: 'a key of another page', by: 'reader of one page', origin: OWN, code: 'forbidden_origin' },
  { case: 'a metric of others', by: 'limited reader', metric: 'users', code: 'forbidden_metric' },
  { case: 'a metric that is not there, to one who may not know', by: 'limited reader', metric: 'none', code: 'forbidden_metric' },
  { case: 'a metric that is not there', by: 'reader', metric: 'none', code: 'unknown_metric' },
  { case: 'a rebound name', by: 'reader', host: 'evil.example', code: 'forbidden_host' },
  { case: 'a rebound name that begins like ours', by: 'reader', host: '127.0.0.1.evil.example', code: 'forbidden_host' },
  { case: 'a rebound name, without a key', by: 'nobody', host: 'evil.example', code: 'forbidden_host' },
];

/** For sockets only: over HTTP a foreign page cannot read the answer to a GET, so the request itself is allowed. */
// biome-ignore format: a table is read by its rows
export const FOREIGN_PAGES: EntryCase[] = [
  { case: 'a page of others', by: 'reader', origin: 'https://evil.example', code: 'forbidden_origin' },
  { case: 'a page of others, allowed by the key alone', by: 'reader of one page', origin: PAGE, code: 'forbidden_origin' },
  { case: 'a page without an origin of its own', by: 'reader', origin: 'null', code: 'forbidden_origin' },
];
