import { found, ok, type Result, refuse, shown } from './errors.ts';
import { parseTimestamp } from './event/timestamp.ts';
import { isRecord } from './is-record.ts';
import { ID } from './metric/metric.ts';

/** `write` posts events, `read` sees views and definitions, `admin` does both, changes definitions and makes keys. */
export const SCOPES = ['write', 'read', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** What a key may do. */
export interface KeyGrant {
  /** For people: whose it is, what for. */
  name: string;
  scope: readonly Scope[];
  /** Metrics whose views it may open; null: all. Only for keys that read and do nothing else. */
  metrics: readonly string[] | null;
  /** Origins of the pages that may use it, such as `https://shop.example`; null: all. A program sends none and is not held by it. */
  origins: readonly string[] | null;
  /** Epoch ms from which it is no longer taken; null: never. */
  expires: number | null;
}

/** A key in the definitions topic: never the key itself. */
export interface StoredKey extends KeyGrant {
  /** Epoch ms. */
  created: number;
  /** SHA-256 of the whole key, in hex. A key is random and long, so nothing slower is needed. */
  hash: string;
}

export const KEY_FIELDS = ['name', 'scope', 'metrics', 'origins', 'expires'] as const;
/** Whole keys: a mark that scanners of source code can look for, the public id, the secret. */
export const KEY_TEXT = /^mr_([0-9a-f]{12})_[0-9a-f]{48}$/;
const HASH = /^[0-9a-f]{64}$/;
const MAX_NAME = 100;
const MAX_LIST = 100;

/** Reads what somebody asks for; `now` is epoch ms. */
export function parseKeyGrant(raw: unknown, now: number): Result<KeyGrant> {
  if (!isRecord(raw)) return wrong('', `A key is asked for by an object with name and scope, ${found(raw)}.`);
  const unknown = Object.keys(raw).find((name) => !(KEY_FIELDS as readonly string[]).includes(name));
  if (unknown !== undefined) {
    return wrong(unknown, `${shown(unknown)} is not a field of a key; allowed are ${KEY_FIELDS.join(', ')}.`);
  }
  const { name, metrics = null, origins = null, expires = null } = raw;
  if (typeof name !== 'string' || name.trim() === '' || name.length > MAX_NAME)
    return wrong('name', `name: expected text of 1 to ${MAX_NAME} characters, ${found(name)}.`);
  const scope = readScope(raw.scope);
  if (!scope.ok) return scope;
  if (metrics !== null && !isListOf(metrics, (id) => ID.test(id)))
    return wrong(
      'metrics',
      `metrics: expected a list of 1 to ${MAX_LIST} ids of metrics, ${found(metrics)}.`,
    );
  if (metrics !== null && scope.value.some((one) => one !== 'read'))
    return wrong('metrics', 'metrics: only a key whose scope is "read" alone can be held to some metrics.');
  if (origins !== null && !isListOf(origins, isOrigin)) {
    const example = 'such as "https://shop.example", without a path';
    return wrong(
      'origins',
      `origins: expected a list of 1 to ${MAX_LIST} origins, ${example}, ${found(origins)}.`,
    );
  }
  const until = expires === null ? null : parseTimestamp(expires);
  if (expires !== null && (until === null || until <= now))
    return wrong(
      'expires',
      `expires: expected a time to come, such as "2030-01-31T00:00:00Z", ${found(expires)}.`,
    );
  return ok({ name, scope: scope.value, metrics, origins, expires: until });
}

/** Reads the body of a record; null for what is no key, which nobody may enter with. */
export function readStoredKey(body: Record<string, unknown>): StoredKey | null {
  const { hash, created, ...grant } = body;
  if (typeof hash !== 'string' || !HASH.test(hash)) return null;
  // A time that no clock shows could not be shown either.
  if (typeof created !== 'number' || parseTimestamp(created) !== created) return null;
  // It may have expired since it was made.
  const read = parseKeyGrant(grant, 0);
  return read.ok ? { ...read.value, hash, created } : null;
}

function readScope(raw: unknown): Result<Scope[]> {
  const list: unknown[] = Array.isArray(raw) ? raw : [raw];
  const known = SCOPES.filter((scope) => list.includes(scope));
  if (list.length > 0 && known.length === list.length) return ok(known);
  return wrong('scope', `scope: expected one of ${SCOPES.join(', ')}, or a list of them, ${found(raw)}.`);
}

/** As browsers write it in the Origin header. */
function isOrigin(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

const isListOf = (value: unknown, test: (text: string) => boolean): value is string[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length <= MAX_LIST &&
  value.every((item) => typeof item === 'string' && test(item));

const wrong = (field: string, message: string): Result<never> =>
  field === '' ? refuse('invalid_definition', message) : refuse('invalid_definition', message, field);
