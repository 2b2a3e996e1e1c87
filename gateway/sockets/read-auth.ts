import { ok, type Result, refuse } from '#contracts/errors.ts';
import { readBearer } from '#platform/access/read-bearer.ts';

/** As the Authorization header allows it. */
const PRESENTABLE = /^[\x21-\x7e]{1,200}$/;

/**
 * The key that a client presents as it enters: that of Socket.IO's `auth`, else that of its first request's Authorization
 * header; null where it presents none.
 */
export function readEntry(
  auth: Readonly<Record<string, unknown>>,
  authorization: string | undefined,
): Result<string | null> {
  return auth.key === undefined ? readBearer(authorization) : readPresented(auth.key);
}

/** A key in a message. What was found is never shown: it may be a key. */
export function readPresented(key: unknown): Result<string> {
  if (typeof key !== 'string') return refuse('invalid_message', 'key: expected the text of a key.', 'key');
  if (PRESENTABLE.test(key)) return ok(key);
  return refuse('invalid_key', 'key: expected 1 to 200 visible ASCII characters.', 'key');
}
