import { describe, expect, it } from 'vitest';
import {
  applyDefinition,
  type DefinitionRecord,
  decodeDefinition,
  emptyCatalog,
  encodeDefinition,
  foldsOf,
} from './definition-record.ts';

const metric = (over: Partial<Extract<DefinitionRecord, { basedOn: number | null }>> = {}) =>
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

  it('rebuilds the newest version only, and cancels only what was asked for', () => {
    const catalog = emptyCatalog();
    const rebuild = (version: number, cancelled = false) =>
      ({ kind: 'rebuild', id: 'm', version, cancelled }) as const;
    expect(applyDefinition(catalog, rebuild(5), 4)).toBe(false);
    applyDefinition(catalog, metric(), 5);
    expect(applyDefinition(catalog, rebuild(5, true), 6)).toBe(false);
    expect(applyDefinition(catalog, rebuild(4), 7)).toBe(false);
    expect(applyDefinition(catalog, rebuild(5), 8)).toBe(true);
    // What is shown changes, and nothing of what is folded.
    applyDefinition(catalog, metric({ basedOn: 5, version: 5, body: { event: 'e', title: 'T' } }), 9);
    expect(catalog.metrics.get('m')?.rebuild).toEqual({ request: 8, cancelled: false });
    expect(applyDefinition(catalog, rebuild(5, true), 10)).toBe(true);
    expect(applyDefinition(catalog, rebuild(5, true), 11)).toBe(false);
    expect(catalog.metrics.get('m')?.rebuild).toEqual({ request: 8, cancelled: true });
    expect(applyDefinition(catalog, rebuild(5), 12)).toBe(true);
    expect(catalog.metrics.get('m')?.rebuild).toEqual({ request: 12, cancelled: false });
    applyDefinition(catalog, metric({ basedOn: 9, body: { event: 'f' } }), 13);
    expect(catalog.metrics.get('m')?.rebuild).toBeUndefined();
  });

  it('serves a first version at once, and a changed fold when a record says so', () => {
    const catalog = emptyCatalog();
    const fold = (n: number) => ({ event: `e${n}` });
    const served = () => catalog.metrics.get('m')!.served;
    const folded = () => foldsOf(catalog.metrics.get('m')!).map((f) => f.version);
    applyDefinition(catalog, metric({ body: fold(1) }), 5);
    expect(served()).toEqual({ version: 5, body: fold(1) });
    expect(applyDefinition(catalog, metric({ basedOn: 5, body: fold(2) }), 6)).toBe(true);
    expect(catalog.metrics.get('m')).toMatchObject({ version: 6, body: fold(2), offset: 6 });
    expect([served(), folded()]).toEqual([{ version: 5, body: fold(1) }, [5, 6]]);
    // A third before the second was served: the second is over.
    applyDefinition(catalog, metric({ basedOn: 6, body: fold(3) }), 7);
    expect(applyDefinition(catalog, { kind: 'serve', id: 'm', version: 6 }, 8)).toBe(false);
    expect(applyDefinition(catalog, { kind: 'serve', id: 'm', version: 7 }, 9)).toBe(true);
    expect(applyDefinition(catalog, { kind: 'serve', id: 'm', version: 7 }, 10)).toBe(false);
    expect([served(), folded()]).toEqual([{ version: 7, body: fold(3) }, [7]]);
    expect(catalog.metrics.get('m')?.offset).toBe(7);
  });

  it('takes a change back to the served version while another waits, and no version that is folded no longer', () => {
    const catalog = emptyCatalog();
    const back = { event: 'back' };
    applyDefinition(catalog, metric(), 5);
    applyDefinition(catalog, metric({ basedOn: 5 }), 6);
    expect(applyDefinition(catalog, metric({ basedOn: 6, version: 5, body: back }), 7)).toBe(true);
    expect(catalog.metrics.get('m')).toMatchObject({ version: 5, served: { version: 5, body: back } });
    expect(applyDefinition(catalog, metric({ basedOn: 7, version: 6 }), 8)).toBe(false);
    expect(applyDefinition(catalog, { kind: 'serve', id: 'm', version: 6 }, 9)).toBe(false);
    expect(applyDefinition(catalog, metric({ id: 'other', version: 5 }), 10)).toBe(false);
  });

  it('keeps metrics and boards of one name apart', () => {
    const catalog = emptyCatalog();
    applyDefinition(catalog, metric(), 1);
    expect(applyDefinition(catalog, { ...metric(), kind: 'board' }, 2)).toBe(true);
    expect([catalog.metrics.size, catalog.boards.size]).toEqual([1, 1]);
  });
});

describe('definition records', () => {
  it.each([
    { kind: 'identity', id: 'x' } as const,
    { kind: 'serve', id: 'm', version: 3 } as const,
    metric(),
    metric({ basedOn: 3, body: null, version: 2 }),
  ])('are read back as they were written: %o', (record) =>
    expect(decodeDefinition(encodeDefinition(record))).toEqual({ ok: true, value: record }),
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
