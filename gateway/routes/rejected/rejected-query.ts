import { isErrorCode, ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import type { Schema } from '#contracts/schema/schema.ts';

/** What a page of refusals is asked for. */
export interface RejectedQuery {
  /** Records at most. */
  limit: number;
  /** Codes of the records; null: all. */
  codes: ReadonlySet<string> | null;
  /** Only records below this offset; null: from the newest on. */
  before: number | null;
}

const MOST = 1_000;
const DEFAULT_LIMIT = 100;

/** The parameters of the route. */
export const REJECTED_QUERY = {
  type: 'object',
  additionalProperties: false,
  member: 'a parameter; there are',
  properties: {
    limit: {
      type: 'string',
      pattern: '^[0-9]{1,9}$',
      expected: `a whole number from 1 to ${MOST}`,
      description: `Records of a page, 1 to ${MOST}; default ${DEFAULT_LIMIT}`,
      check: checkLimit,
      examples: ['50'],
    },
    code: {
      type: 'string',
      expected: 'error codes such as invalid_key, separated by commas',
      description: 'Only records with this error code, or with one of several separated by commas',
      test: (text: unknown) => String(text).split(',').every(isErrorCode),
      examples: ['invalid_key', 'invalid_json,wrong_type'],
    },
    cursor: {
      type: 'string',
      expected: 'the "next" of an earlier answer',
      description: '`next` of the page before; absent: the newest',
      test: (text: unknown) => readCursor(String(text)) !== null,
      examples: [writeCursor(8_201)],
    },
  },
} as const satisfies Schema;

function checkLimit(text: unknown, field: string) {
  const limit = Number(text);
  if (limit >= 1 && limit <= MOST) return null;
  return refuse('out_of_range', `${field}: expected 1 to ${MOST}, got ${shown(text)}.`, field).fault;
}

/** Reads the parameters as they are in the address. */
export function readRejectedQuery(query: unknown): Result<RejectedQuery> {
  const read = readAs(REJECTED_QUERY, query, { code: 'invalid_parameter' });
  if (!read.ok) return read;
  const { limit, code, cursor } = read.value;
  return ok({
    limit: limit === undefined ? DEFAULT_LIMIT : Number(limit),
    codes: code === undefined ? null : new Set(code.split(',')),
    before: cursor === undefined ? null : readCursor(cursor),
  });
}

/** An offset as one opaque text that needs no escaping in an address. */
export function writeCursor(offset: number): string {
  return Buffer.from(String(offset)).toString('base64url');
}

/** Returns null for a text that no page has given. */
function readCursor(text: string): number | null {
  const offset = Number(Buffer.from(text, 'base64url').toString());
  return Number.isSafeInteger(offset) && offset >= 0 && writeCursor(offset) === text ? offset : null;
}
