import type { ErrorCode } from '#contracts/errors.ts';
import type { CallerName } from './refusing-server.ts';

/** A message of a client that was let in: an event, what it carries, and the code of the answer or notice. */
export interface MessageCase {
  case: string;
  by: CallerName;
  event: string;
  payload: unknown;
  code: ErrorCode;
}

const orders = { metric: 'orders' };

// biome-ignore format: a table is read by its rows
export const MESSAGE_CASES: MessageCase[] = [
  { case: 'a view of a metric of others', by: 'limited reader', event: 'subscribe', payload: { request: { metric: 'users' } }, code: 'forbidden_metric' },
  { case: 'a view of what is not there, to one who may not know', by: 'limited reader', event: 'subscribe', payload: { request: { metric: 'none' } }, code: 'forbidden_metric' },
  { case: 'the events of all metrics', by: 'limited reader', event: 'tail', payload: { on: true }, code: 'forbidden_metric' },
  { case: 'a view of what is not there', by: 'reader', event: 'subscribe', payload: { request: { metric: 'none' } }, code: 'unknown_metric' },
  { case: 'a range over the limit', by: 'reader', event: 'subscribe', payload: { request: { ...orders, range: '900d' } }, code: 'view_too_large' },
  { case: 'a window that is none', by: 'reader', event: 'subscribe', payload: { request: { ...orders, window: '1500ms' } }, code: 'invalid_view' },
  { case: 'a subscription without a request', by: 'reader', event: 'subscribe', payload: { metric: 'orders' }, code: 'invalid_message' },
  { case: 'a subscription that is a list', by: 'reader', event: 'subscribe', payload: [orders], code: 'invalid_message' },
  { case: 'a cursor that is none', by: 'reader', event: 'subscribe', payload: { request: orders, cursor: { epoch: 1 } }, code: 'invalid_message' },
  { case: 'an event nobody knows', by: 'reader', event: 'shutdown', payload: {}, code: 'invalid_message' },
  { case: 'the name of a method', by: 'reader', event: 'constructor', payload: {}, code: 'invalid_message' },
  { case: 'to go on with a text that is no key', by: 'reader', event: 'auth', payload: { key: 'open-sesame' }, code: 'invalid_key' },
  { case: 'to go on with a number', by: 'reader', event: 'auth', payload: { key: 7 }, code: 'invalid_message' },
  { case: 'to go on with nothing', by: 'reader', event: 'auth', payload: {}, code: 'invalid_message' },
];

/** Keys that are refused on an open connection, which keeps the key that it was opened with. */
// biome-ignore format: a table is read by its rows
export const RENEWAL_CASES: { case: string; with: CallerName; code: ErrorCode }[] = [
  { case: 'to go on with a revoked key', with: 'revoked reader', code: 'invalid_key' },
  { case: 'to go on with an expired key', with: 'expired reader', code: 'expired_key' },
  { case: 'to go on with a key for writing', with: 'writer', code: 'forbidden_scope' },
];
