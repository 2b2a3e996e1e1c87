import { createHash, timingSafeEqual } from 'node:crypto';
import type { Catalog } from '#contracts/definitions.ts';
import { type Fault, ok, type Result } from '#contracts/errors.ts';
import { KEY_TEXT, readStoredKey } from '#contracts/key.ts';
import { type Caller, unbounded } from './caller.ts';

/** Who may enter, by what they present. Follows the catalog: what is revoked is not known from then on. */
export interface Keyring {
  /** Whether nobody enters without a key. */
  readonly needed: boolean;
  /** Who presents this; null presents nothing. */
  identify(presented: string | null): Result<Caller>;
  /** Why somebody who was let in may not stay; null where nothing speaks against it. */
  expel(caller: Caller): Fault | null;
}

export interface KeyringOptions {
  needed: boolean;
  /** Keys with which everything may be done: the operator's, and the one that a process made for its own use. */
  masters: { id: string; key: string }[];
}

/** `catalog` is live: changes of it count at once. */
export function createKeyring(
  { needed, masters }: KeyringOptions,
  catalog: Pick<Catalog, 'keys'>,
  clock: () => number,
): Keyring {
  const operators = masters.map(({ id, key }) => ({ caller: unbounded(id), hash: digest(key) }));
  const anyone = unbounded('anyone');
  const callers = new WeakMap<object, Caller>();

  const identify = (presented: string): Result<Caller> => {
    const hash = digest(presented);
    const master = operators.find((operator) => timingSafeEqual(operator.hash, hash));
    if (master !== undefined) return ok(master.caller);
    const id = KEY_TEXT.exec(presented)?.[1];
    const definition = id === undefined ? undefined : catalog.keys.get(id);
    const stored = definition === undefined ? null : readStoredKey(definition.body);
    if (definition === undefined || stored === null) return UNKNOWN;
    if (!timingSafeEqual(Buffer.from(stored.hash, 'hex'), hash)) return UNKNOWN;
    const { scope, metrics, origins, expires } = stored;
    const caller = callers.get(definition) ?? { id: definition.id, scope, metrics, origins, expires };
    callers.set(definition, caller);
    const late = expired(caller, clock());
    return late === null ? ok(caller) : { ok: false, fault: late };
  };
  return {
    needed,
    identify: (presented) => {
      if (presented !== null) return identify(presented);
      return needed ? MISSING : ok(anyone);
    },
    expel(caller) {
      if (caller === anyone || operators.some((operator) => operator.caller === caller)) return null;
      if (!catalog.keys.has(caller.id)) return { code: 'revoked_key', message: 'The key was revoked.' };
      return expired(caller, clock());
    },
  };
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
    message: 'A key is needed here: send it as "Authorization: Bearer" and the key.',
  },
};

/** The same for every key that does not fit, so that nobody learns which ids exist. */
const UNKNOWN: Result<never> = {
  ok: false,
  fault: { code: 'invalid_key', message: 'The key is not known: mistyped, revoked, or of another Millrace.' },
};
