import { createHash } from 'node:crypto';
import type { KeyGrant, StoredKey } from '#contracts/key.ts';

export interface MadeKey {
  id: string;
  /** The whole key: returned once, and never again. */
  key: string;
  stored: StoredKey;
}

const ID_BYTES = 6;
const SECRET_BYTES = 24;

/** Makes a key for a grant. `random(n)` returns n unguessable bytes; `now` is epoch ms. */
export function makeKey(grant: KeyGrant, random: (bytes: number) => Buffer, now: number): MadeKey {
  const id = random(ID_BYTES).toString('hex');
  const key = `mr_${id}_${random(SECRET_BYTES).toString('hex')}`;
  const hash = createHash('sha256').update(key).digest('hex');
  return { id, key, stored: { ...grant, created: now, hash } };
}
