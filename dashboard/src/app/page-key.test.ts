import { describe, expect, it } from 'vitest';
import { createPageKey } from './page-key.ts';

function storage(): Storage {
  const held = new Map<string, string>();
  return {
    getItem: (name: string) => held.get(name) ?? null,
    setItem: (name: string, value: string) => void held.set(name, value),
    removeItem: (name: string) => void held.delete(name),
  } as Storage;
}

describe('the key of a page', () => {
  it('is that of the tab, until it is forgotten', () => {
    const tab = storage();
    createPageKey(() => tab).set('mr_one');
    const again = createPageKey(() => tab);
    expect(again.current).toBe('mr_one');
    again.set(null);
    expect([again.current, createPageKey(() => tab).current]).toEqual([null, null]);
  });

  it('lasts as long as the page where nothing may be stored', () => {
    const forbidden = (): never => {
      throw new Error('SecurityError');
    };
    const key = createPageKey(forbidden);
    expect(key.current).toBeNull();
    key.set('mr_one');
    expect(key.current).toBe('mr_one');
  });

  it('reports a refusal, but not one of an earlier key', () => {
    const key = createPageKey(storage);
    const codes: string[] = [];
    const end = key.onRefused((code) => codes.push(code));
    key.refused(null, 'missing_key');
    key.set('mr_one');
    key.refused(null, 'missing_key');
    key.refused('mr_one', 'revoked_key');
    end();
    key.refused('mr_one', 'invalid_key');
    expect(codes).toEqual(['missing_key', 'revoked_key']);
  });
});
