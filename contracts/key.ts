import { ok, type Result, refuse } from './errors.ts';
import { parseTimestamp } from './event/timestamp.ts';
import { ID } from './id.ts';
import { readAs, refuseAs } from './schema/read-as.ts';
import { nullable, type Schema } from './schema/schema.ts';

/** `write` posts events, `import` posts history, `read` sees views and definitions, `admin` does all, changes definitions and makes keys. */
export const SCOPES = ['write', 'import', 'read', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

const MAX_LIST = 100;
export const SCOPE = { type: 'string', enum: SCOPES } as const satisfies Schema;

/** A request for a key. */
export const KEY_GRANT = {
  type: 'object',
  required: ['name', 'scope'],
  additionalProperties: false,
  subject: 'A key is asked for by an object with name and scope',
  member: 'a field of a key; allowed are',
  properties: {
    name: {
      type: 'string',
      minLength: 1,
      maxLength: 100,
      description: 'For people: who uses the key, and for what.',
      test: (text: unknown) => typeof text === 'string' && text.trim() !== '',
      examples: ['wall screen', 'ingest of shop 7'],
    },
    scope: {
      anyOf: [SCOPE, { type: 'array', items: SCOPE, minItems: 1, uniqueItems: true }],
      expected: `one of ${SCOPES.join(', ')}, or a list of them`,
      whole: true,
      description: 'What the key may do.',
    },
    metrics: nullable({
      type: 'array',
      items: ID,
      minItems: 1,
      maxItems: MAX_LIST,
      expected: `a list of 1 to ${MAX_LIST} ids of metrics`,
      whole: true,
      description: 'Metrics that the key may read; null: all.',
    }),
    origins: nullable({
      type: 'array',
      items: { type: 'string', test: isOrigin, examples: ['https://shop.example', 'http://localhost:5173'] },
      minItems: 1,
      maxItems: MAX_LIST,
      expected: `a list of 1 to ${MAX_LIST} origins, such as "https://shop.example", without a path`,
      whole: true,
      description: 'Origins of the pages that may use the key; null: all.',
    }),
    expires: nullable({
      type: ['string', 'number'],
      expected: 'a time to come, such as "2030-01-31T00:00:00Z"',
      description: 'When the key expires; null: never.',
      test: (time: unknown) => parseTimestamp(time) !== null,
      examples: ['2030-01-31T00:00:00Z', 4_070_908_800_000],
    }),
  },
} as const satisfies Schema;

export const KEY_FIELDS = Object.keys(KEY_GRANT.properties);

/** What a record adds to what was asked for. */
const STORED = {
  type: 'object',
  required: ['hash', 'created'],
  properties: {
    hash: { type: 'string', pattern: '^[0-9a-f]{64}$' },
    // A time that no clock shows could not be shown either.
    created: { type: 'integer', test: (time: unknown) => parseTimestamp(time) === time },
  },
} as const satisfies Schema;

/** What a key may do. */
export interface KeyGrant {
  /** For people: the owner and purpose of the key. */
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

/** Whole keys: a mark that scanners of source code can look for, the public id, the secret. */
export const KEY_TEXT = /^mr_([0-9a-f]{12})_[0-9a-f]{48}$/;

/** Reads the request for a key; `now` is epoch ms. */
export function parseKeyGrant(raw: unknown, now: number): Result<KeyGrant> {
  const read = readAs(KEY_GRANT, raw, { code: 'invalid_definition' });
  if (!read.ok) return read;
  const { name, metrics = null, origins = null, expires = null } = read.value;
  const asked = [read.value.scope].flat();
  const scope = SCOPES.filter((one) => asked.includes(one));
  if (metrics !== null && scope.some((one) => one !== 'read'))
    return refuse(
      'invalid_definition',
      'metrics: only a key whose scope is "read" alone can be held to some metrics.',
      'metrics',
    );
  const until = expires === null ? null : parseTimestamp(expires);
  if (until !== null && until <= now)
    return refuseAs(KEY_GRANT.properties.expires, expires, { code: 'invalid_definition', at: 'expires' });
  return ok({ name, scope, metrics, origins, expires: until });
}

/** Reads the body of a record; null for what is not a key, which gives no access. */
export function readStoredKey(body: Record<string, unknown>): StoredKey | null {
  const { hash, created, ...grant } = body;
  const stored = readAs(STORED, { hash, created }, { code: 'invalid_definition' });
  // It may have expired since it was made.
  const read = parseKeyGrant(grant, 0);
  return read.ok && stored.ok ? { ...read.value, ...stored.value } : null;
}

/** As browsers write it in the Origin header. */
function isOrigin(text: unknown): boolean {
  if (typeof text !== 'string') return false;
  return /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
