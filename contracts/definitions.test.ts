import { describe, expect, it } from 'vitest';
import {
  applyDefinition,
  type DefinitionRecord,
  decodeDefinition,
  emptyCatalog,
  encodeDefinition,
} from './definitions.ts';

const metric = (over: Partial<Extract<DefinitionRecord, { kind: 'metric' | 'board' }>> = {}) =>
  ({ kind: 'metric', id: 'm', basedOn: null, body: { event: 'e' }, version: null, ...over }) as const;

describe('the catalog', () => {
  it('takes the first identity and no other', () => {
    const catalog = emptyCatalog();
    expect(applyDefinition(catalog, { kind: 'identity', id: 'a' }, 0)).toBe(true);
    expect(applyDefinition(catalog, { kind: 'identity', id: 'b' }, 1)).toBe(false);
    expect(catalog.identity).toBe('a');
  });

  it('applies a change only to what it was based on', () => {
    const catalog = emptyCatalog();
    expect(applyDefinition(catalog, metric(), 5)).toBe(true);
    expect(applyDefinition(catalog, metric({ body: { event: 'lost' } }), 6)).toBe(false);
    expect(applyDefinition(catalog, metric({ basedOn: 5, body: { event: 'f' }, version: 5 }), 7)).toBe(true);
    expect(catalog.metrics.get('m')).toMatchObject({ body: { event: 'f' }, offset: 7, version: 5 });
    expect(applyDefinition(catalog, metric({ basedOn: 5 }), 8)).toBe(false);
  });

  it('gives a metric that was deleted and made again another version', () => {
    const catalog = emptyCatalog();
    applyDefinition(catalog, metric(), 5);
    applyDefinition(catalog, metric({ basedOn: 5, body: null }), 6);
    expect(catalog.metrics.size).toBe(0);
    expect(applyDefinition(catalog, metric(), 7)).toBe(true);
    expect(catalog.metrics.get('m')?.version).toBe(7);
  });

  it('keeps metrics and boards of one name apart', () => {
    const catalog = emptyCatalog();
    applyDefinition(catalog, metric(), 1);
    expect(applyDefinition(catalog, { ...metric(), kind: 'board' }, 2)).toBe(true);
    expect([catalog.metrics.size, catalog.boards.size]).toEqual([1, 1]);
  });
});

describe('definition records', () => {
  it.each([{ kind: 'identity', id: 'x' } as const, metric(), metric({ basedOn: 3, body: null, version: 2 })])(
    'are read back as they were written: %o',
    (record) => expect(decodeDefinition(encodeDefinition(record))).toEqual({ ok: true, value: record }),
  );

  it.each([
    ['text that is no JSON', 'x', 'invalid_json'],
    ['an unknown kind', '{"kind":"alert","id":"a"}', 'wrong_type'],
    ['a body that is a list', '{"kind":"metric","id":"m","body":[]}', 'wrong_type'],
    ['an offset that is text', '{"kind":"board","id":"b","basedOn":"1","body":null}', 'wrong_type'],
    ['null', 'null', 'wrong_type'],
  ])('refuses %s', (_, text, code) => {
    expect(decodeDefinition(text)).toMatchObject({ ok: false, fault: { code } });
  });
});
