import { createKeyring, type Keyring } from '../keyring.ts';

/** For parts that are tested without keys. */
export const noKeys = (): Keyring =>
  createKeyring({ needed: false, masters: [] }, { keys: new Map() }, Date.now);
