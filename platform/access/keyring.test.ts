import { describe, expect, it } from 'vitest';
import type { KeyGrant } from '#contracts/key.ts';
import { applyDefinition, emptyCatalog } from '#contracts/log/definition-record.ts';
import { checkScope, hasScope, mayRead } from './caller.ts';
import { createKeyring } from './keyring.ts';
import { makeKey } from './make-key.ts';

const NOW = 1_700_000_000_000;
const ADMIN = 'an-operator-s-long-random-text';
const GRANT: KeyGrant = {
  name: 'x',
  scope: ['read'],
  metrics: ['orders'],
  origins: null,
  expires: NOW + 1_000,
};

function build(needed = true) {
  const catalog = emptyCatalog();
  let now = NOW;
  let offset = 0;
  let bytes = 0;
  const keyring = createKeyring({ needed, masters: [{ id: 'admin', key: ADMIN }] }, catalog, () => now);
  const put = (id: string, basedOn: number | null, body: Record<string, unknown> | null) =>
    applyDefinition(catalog, { kind: 'key', id, basedOn, body, version: null }, offset++);
  return {
    keyring,
    make(grant: Partial<KeyGrant> = {}) {
      const made = makeKey({ ...GRANT, ...grant }, (size) => Buffer.alloc(size, ++bytes), NOW);
      put(made.id, null, { ...made.stored });
      return made;
    },
    revoke: (id: string) => put(id, catalog.keys.get(id)!.offset, null),
    damage: (id: string) => put(id, catalog.keys.get(id)!.offset, { hash: 'none' }),
    at: (time: number) => {
      now = time;
    },
  };
}

describe('createKeyring', () => {
  it('identifies a key by its whole text, the operator by the setting, and no other caller', () => {
    const { keyring, make } = build();
    const { id, key } = make();
    expect(keyring.identify(key)).toMatchObject({
      ok: true,
      value: { id, scope: ['read'], metrics: ['orders'] },
    });
    expect(keyring.identify(ADMIN)).toMatchObject({ ok: true, value: { id: 'admin', scope: ['admin'] } });
    const last = key.at(-1) === '0' ? '1' : '0';
    for (const wrong of [`${key.slice(0, -1)}${last}`, `${key}0`, `mr_${id}_`, id, '', `${ADMIN} `]) {
      expect(keyring.identify(wrong)).toMatchObject({ ok: false, fault: { code: 'invalid_key' } });
    }
  });

  it('requires a key where one is needed, and checks a given one in any case', () => {
    expect(build().keyring.identify(null)).toMatchObject({ ok: false, fault: { code: 'missing_key' } });
    const open = build(false).keyring;
    expect(open.identify(null)).toMatchObject({ ok: true, value: { id: 'anyone', scope: ['admin'] } });
    expect(open.identify('mr_wrong')).toMatchObject({ ok: false, fault: { code: 'invalid_key' } });
  });

  it('refuses a key that is revoked, has expired, or cannot be read any more', () => {
    const { keyring, make, revoke, damage, at } = build();
    const [revoked, late, damaged] = [make(), make(), make({ expires: null })];
    const callers = [revoked, late, damaged].map(({ key }) => {
      const read = keyring.identify(key);
      return read.ok ? read.value : expect.unreachable();
    });
    expect(callers.map(keyring.revocationOf)).toEqual([null, null, null]);
    revoke(revoked.id);
    damage(damaged.id);
    expect(keyring.identify(revoked.key)).toMatchObject({ fault: { code: 'invalid_key' } });
    expect(keyring.identify(damaged.key)).toMatchObject({ fault: { code: 'invalid_key' } });
    expect(keyring.revocationOf(callers[0]!)).toMatchObject({ code: 'revoked_key' });
    at(NOW + 1_000);
    expect(keyring.identify(late.key)).toMatchObject({ fault: { code: 'expired_key' } });
    expect(keyring.revocationOf(callers[1]!)).toMatchObject({ code: 'expired_key' });
  });

  it('never revokes the operator, nor anyone where no key is needed', () => {
    const { keyring } = build(false);
    for (const presented of [ADMIN, null]) {
      const read = keyring.identify(presented);
      expect(read.ok && keyring.revocationOf(read.value)).toBeNull();
    }
  });
});

describe('what a caller may do', () => {
  const caller = {
    id: 'k',
    scope: ['read'],
    metrics: ['orders'],
    origins: ['https://a.example'],
    expires: null,
  } as const;

  it('is what its scope says; admin is all of it', () => {
    expect(hasScope(caller, 'read')).toBe(true);
    expect(checkScope(caller, 'write', undefined)).toMatchObject({ code: 'forbidden_scope' });
    expect(checkScope({ ...caller, scope: ['admin'] }, 'write', undefined)).toBeNull();
    expect(checkScope({ ...caller, scope: ['read', 'write'] }, 'admin', undefined)).toMatchObject({
      code: 'forbidden_scope',
    });
  });

  it('is held to its metrics, and its pages to their origins', () => {
    expect([mayRead(caller, 'orders'), mayRead(caller, 'users')]).toEqual([true, false]);
    expect(mayRead({ ...caller, metrics: null }, 'users')).toBe(true);
    expect(checkScope(caller, 'read', 'https://a.example')).toBeNull();
    expect(checkScope(caller, 'read', 'https://b.example')).toMatchObject({ code: 'forbidden_origin' });
  });
});

describe('the uses of keys', () => {
  it('are noted by id for keys that are let in or stay, and for no other text', () => {
    const { keyring, make, at, revoke } = build();
    const [first, second] = [make(), make()];
    const read = keyring.identify(first.key);
    keyring.identify(ADMIN);
    keyring.identify('mr_wrong');
    keyring.identify(null);
    expect([...keyring.uses]).toEqual([[first.id, NOW]]);
    at(NOW + 500);
    if (read.ok) keyring.revocationOf(read.value);
    expect([...keyring.uses]).toEqual([[first.id, NOW + 500]]);
    at(NOW + 1_000);
    keyring.identify(second.key);
    if (read.ok) keyring.revocationOf(read.value);
    // Expired: it opens nothing any more.
    expect([...keyring.uses]).toEqual([[first.id, NOW + 500]]);
    at(NOW);
    revoke(first.id);
    keyring.identify(second.key);
    expect([...keyring.uses]).toEqual([[second.id, NOW]]);
  });
});
