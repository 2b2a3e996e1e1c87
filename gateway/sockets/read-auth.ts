import { ok, type Result, refuse } from '#contracts/errors.ts';
import { readBearer } from '#platform/access/read-bearer.ts';

/** What the Authorization header allows. */
const PRESENTABLE = /^[\x21-\x7e]{1,200}$/;

/**
 * Returns the key that a client authenticates with: that of Socket.IO's `auth`, else that of its first request's Authorization
 * header; null where there is none.
 */
export function readAuth(
  auth: Readonly<Record<string, unknown>>,
  authorization: string | undefined,
): Result<string | null> {
  return auth.key === undefined ? readBearer(authorization) : readPresentedKey(auth.key);
}

/** Reads a key in a message. The refusal never shows what was found: it may be a key. */
export function readPresentedKey(key: unknown): Result<string> {
  if (typeof key !== 'string') return refuse('invalid_message', 'key: expected the text of a key.', 'key');
  if (PRESENTABLE.test(key)) return ok(key);
  return refuse('invalid_key', 'key: expected 1 to 200 visible ASCII characters.', 'key');
}
