import { createHash, timingSafeEqual } from 'node:crypto';
import { type Fault, ok, type Result } from '#contracts/errors.ts';
import { KEY_TEXT, readStoredKey } from '#contracts/key.ts';
import type { Catalog, Definition } from '#contracts/log/definition-record.ts';
import { type Caller, unbounded } from './caller.ts';

/** Identifies callers by the keys they present. Follows the catalog: a revoked key is unknown from then on. */
export interface Keyring {
  /** Whether every caller needs a key. */
  readonly needed: boolean;
  /** Returns the caller that presents this key; null stands for no key. */
  identify(presented: string | null): Result<Caller>;
  /**
   * Returns why a caller that was let in may not stay, since its key was revoked or has expired; null while the key counts. A caller that
   * stays uses its key.
   */
  revocationOf(caller: Caller): Fault | null;
  /** When the keys of the catalog were last used in this process, epoch ms by id. */
  readonly uses: ReadonlyMap<string, number>;
}

export interface KeyringOptions {
  needed: boolean;
  /** Keys with which everything may be done: the operator's, and the one that a process made for its own use. */
  masters: { id: string; key: string }[];
}

/** `catalog` is live: its changes take effect at once. */
export function createKeyring(
  { needed, masters }: KeyringOptions,
  catalog: Pick<Catalog, 'keys'>,
  clock: () => number,
): Keyring {
  const operators = masters.map(({ id, key }) => ({ caller: unbounded(id), hash: digest(key) }));
  const anyone = unbounded('anyone');
  /** Read once, and not at every request. */
  const known = new WeakMap<Definition, Known | null>();
  const find = (id: string): Known | null => {
    const definition = catalog.keys.get(id);
    if (definition === undefined) return null;
    const found = known.get(definition);
    if (found !== undefined) return found;
    const read = readKnown(definition);
    known.set(definition, read);
    return read;
  };

  const uses = new Map<string, number>();
  /** Bounded by the catalog: the entries of revoked keys leave as soon as there are more than it has keys. */
  const noteUse = (id: string): void => {
    uses.set(id, clock());
    if (uses.size <= catalog.keys.size) return;
    for (const used of uses.keys()) if (!catalog.keys.has(used)) uses.delete(used);
  };

  const identify = (presented: string): Result<Caller> => {
    const hash = digest(presented);
    const master = operators.find((operator) => timingSafeEqual(operator.hash, hash));
    if (master !== undefined) return ok(master.caller);
    const id = KEY_TEXT.exec(presented)?.[1];
    const stored = id === undefined ? null : find(id);
    if (stored === null || !timingSafeEqual(stored.hash, hash)) return UNKNOWN;
    const { caller } = stored;
    const late = expired(caller, clock());
    if (late !== null) return { ok: false, fault: late };
    noteUse(caller.id);
    return ok(caller);
  };
  return {
    needed,
    identify: (presented) => {
      if (presented !== null) return identify(presented);
      return needed ? MISSING : ok(anyone);
    },
    revocationOf(caller) {
      if (caller === anyone || operators.some((operator) => operator.caller === caller)) return null;
      if (!catalog.keys.has(caller.id)) return { code: 'revoked_key', message: 'The key was revoked.' };
      const late = expired(caller, clock());
      if (late === null) noteUse(caller.id);
      return late;
    },
    uses,
  };
}

interface Known {
  caller: Caller;
  hash: Buffer;
}

/** Returns null for a text that is not a key. */
function readKnown({ id, body }: Definition): Known | null {
  const stored = readStoredKey(body);
  if (stored === null) return null;
  const { scope, metrics, origins, expires, hash } = stored;
  return { caller: { id, scope, metrics, origins, expires }, hash: Buffer.from(hash, 'hex') };
}

const digest = (key: string): Buffer => createHash('sha256').update(key).digest();

const expired = ({ expires }: Caller, now: number): Fault | null =>
  expires !== null && expires <= now
    ? { code: 'expired_key', message: `The key expired at ${new Date(expires).toISOString()}.` }
    : null;

const MISSING: Result<never> = {
  ok: false,
  fault: {
    code: 'missing_key',
    message: 'A key is needed here: send "Authorization: Bearer <key>".',
  },
};

/** The same for every key that does not fit, so that a caller cannot learn which ids exist. */
const UNKNOWN: Result<never> = {
  ok: false,
  fault: { code: 'invalid_key', message: 'The key is not known: mistyped, revoked, or of another Millrace.' },
};
