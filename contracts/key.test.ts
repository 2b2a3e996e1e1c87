import { describe, expect, it } from 'vitest';
import { parseKeyGrant, readStoredKey } from './key.ts';

const NOW = 1_700_000_000_000;
const READ = { name: 'wall screen', scope: 'read' };
const LATER = '2030-01-31T00:00:00Z';

describe('parseKeyGrant', () => {
  it('reads one scope or a list, in one order, and leaves open what is not said', () => {
    expect(parseKeyGrant(READ, NOW)).toEqual({
      ok: true,
      value: { name: 'wall screen', scope: ['read'], metrics: null, origins: null, expires: null },
    });
    const both = parseKeyGrant({ ...READ, scope: ['read', 'write'], origins: ['https://shop.example'] }, NOW);
    expect(both).toMatchObject({ value: { scope: ['write', 'read'], origins: ['https://shop.example'] } });
    const bounded = parseKeyGrant({ ...READ, metrics: ['orders'], expires: LATER }, NOW);
    expect(bounded).toMatchObject({ value: { metrics: ['orders'], expires: Date.parse(LATER) } });
  });

  it.each([
    [null, undefined],
    [[READ], undefined],
    [{ ...READ, name: ' ' }, 'name'],
    [{ ...READ, name: 'x'.repeat(101) }, 'name'],
    [{ ...READ, secret: 'x' }, 'secret'],
    [{ name: 'x' }, 'scope'],
    [{ ...READ, scope: [] }, 'scope'],
    [{ ...READ, scope: ['read', 'read'] }, 'scope'],
    [{ ...READ, scope: 'root' }, 'scope'],
    [{ ...READ, metrics: [] }, 'metrics'],
    [{ ...READ, metrics: ['Orders'] }, 'metrics'],
    [{ ...READ, scope: 'admin', metrics: ['orders'] }, 'metrics'],
    [{ ...READ, scope: ['read', 'write'], metrics: ['orders'] }, 'metrics'],
    [{ ...READ, origins: ['https://shop.example/'] }, 'origins'],
    [{ ...READ, origins: ['*'] }, 'origins'],
    [{ ...READ, origins: ['null'] }, 'origins'],
    [{ ...READ, origins: 'https://shop.example' }, 'origins'],
    [{ ...READ, expires: 'tomorrow' }, 'expires'],
    [{ ...READ, expires: NOW }, 'expires'],
  ])('refuses %j and names %s', (raw, field) => {
    const fault = { code: 'invalid_definition', ...(field === undefined ? {} : { field }) };
    expect(parseKeyGrant(raw, NOW)).toMatchObject({ ok: false, fault });
  });
});

describe('readStoredKey', () => {
  const stored = { ...READ, scope: ['read'], expires: NOW, created: NOW, hash: 'ab'.repeat(32) };

  it('reads what was stored, expired or not', () => {
    expect(readStoredKey(stored)).toMatchObject({ scope: ['read'], expires: NOW, hash: stored.hash });
  });

  it.each([{ hash: 'ab' }, { hash: undefined }, { created: 'now' }, { scope: ['root'] }, { more: 1 }])(
    'is no key with %j',
    (damage) => expect(readStoredKey({ ...stored, ...damage })).toBeNull(),
  );
});
