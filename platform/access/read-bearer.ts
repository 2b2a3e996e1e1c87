import { ok, type Result, refuse } from '#contracts/errors.ts';

/** Returns the key of an Authorization header; null if there is none. No message shows the header: it may hold a key. */
export function readBearer(header: string | undefined): Result<string | null> {
  if (header === undefined) return ok(null);
  const key = /^bearer +([\x21-\x7e]{1,200})$/i.exec(header.trim())?.[1];
  if (key !== undefined) return ok(key);
  return refuse(
    'invalid_key',
    'The Authorization header must be "Bearer <key>", and is something else.',
    'authorization',
  );
}

/** Addresses end up in logs and histories on the way, so a key has no business in one. */
export const holdsKey = (url: string): boolean => /mr_[0-9a-f]{12}_[0-9a-f]{8}/.test(url);
