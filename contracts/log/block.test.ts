import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BlockHeaders, decodeBlockHeaders, encodeBlockHeaders, HEADER } from './block.ts';

const OWN: BlockHeaders = { block: 'b1', received: 1_000, count: 2, kind: 'events', imported: false };

describe('block headers', () => {
  it('come back as they were written', () => {
    const headers = fc.record({
      block: fc.option(fc.string({ minLength: 1, maxLength: 200 })),
      received: fc.nat(),
      count: fc.option(fc.nat()),
      kind: fc.constantFrom('events' as const, 'control' as const),
      imported: fc.boolean(),
    });
    fc.assert(
      fc.property(headers, (value) => {
        // A control block imports nothing.
        const read = { ...value, imported: value.imported && value.kind === 'events' };
        expect(decodeBlockHeaders(encodeBlockHeaders(value), 5)).toEqual({ ok: true, value: read });
      }),
    );
  });

  it('of a foreign record are none, and it counts as received at its own time', () => {
    expect(decodeBlockHeaders({ 'content-type': 'application/json' }, 77)).toEqual({
      ok: true,
      value: { block: null, received: 77, count: null, kind: 'events', imported: false },
    });
  });

  it('of a foreign record are read where it says that it is an import', () => {
    expect(decodeBlockHeaders({ [HEADER.import]: '1' }, 77)).toMatchObject({
      value: { block: null, received: 77, imported: true },
    });
    expect(decodeBlockHeaders({ [HEADER.import]: 'yes' }, 77)).toMatchObject({
      fault: { code: 'wrong_type', field: HEADER.import },
    });
  });

  it.each<[string, Record<string, string>, string]>([
    ['another format', { [HEADER.format]: '2' }, 'unsupported_format'],
    ['a received time that is none', { [HEADER.received]: 'noon' }, 'wrong_type'],
    ['a received time before 1970', { [HEADER.received]: '-1' }, 'wrong_type'],
    ['another kind', { [HEADER.kind]: 'admin' }, 'wrong_type'],
    [
      'an id that a commit row could not hold thousands of',
      { [HEADER.block]: 'x'.repeat(201) },
      'name_too_long',
    ],
    ['a count that is none', { [HEADER.count]: 'many' }, 'wrong_type'],
  ])('refuses %s', (_, change, code) => {
    expect(decodeBlockHeaders({ ...encodeBlockHeaders(OWN), ...change }, 5)).toMatchObject({
      ok: false,
      fault: { code },
    });
  });
});
