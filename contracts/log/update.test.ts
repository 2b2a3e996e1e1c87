import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fits } from '../schema/fits.ts';
import { checkReadLaws } from '../schema/testing/read-laws.ts';
import { damagesOf, valuesOf } from '../schema/testing/values-of.ts';
import { decodeUpdate, encodeUpdate, isColumns, UPDATE, type Update } from './update.ts';

const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (Object.is(n, -0) ? 0 : n));
const time = fc.option(fc.nat());
const cell = fc.record({
  pane: fc.nat(),
  group: fc.array(fc.string()),
  part: fc.constantFrom('0', '~3'),
  state: fc.record({ nums: fc.array(number), keys: fc.array(fc.nat()), counts: fc.array(fc.nat()) }),
  next: fc.nat(),
});
const partition = fc.record({
  partition: fc.nat(),
  next: fc.nat(),
  committed: fc.nat(),
  watermark: time,
  asOf: time,
  shown: time,
});
const update: fc.Arbitrary<Update> = fc.oneof(
  fc.record({
    kind: fc.constant('cells' as const),
    metric: fc.string(),
    version: fc.nat(),
    received: time,
    cells: fc.array(cell),
  }),
  fc.record({ kind: fc.constant('facts' as const), partitions: fc.array(partition) }),
  fc.record({
    kind: fc.constant('backfilled' as const),
    metric: fc.string(),
    version: fc.nat(),
    part: fc.constant('~1'),
    activation: fc.nat(),
  }),
);

describe('updates', () => {
  it('are read back as they were written', () => {
    fc.assert(
      fc.property(update, (u) => {
        expect(decodeUpdate(encodeUpdate(u))).toEqual({ ok: true, value: u });
      }),
    );
  });

  it('are read as their schema says, and refused with the name of what is wrong', () =>
    checkReadLaws(UPDATE));

  it('are columns by hand exactly where the schema says so', () => {
    const [columns] = UPDATE.anyOf;
    const odd = fc.constantFrom<unknown>(
      undefined,
      null,
      1.5,
      2 ** 53,
      -0,
      Number.POSITIVE_INFINITY,
      '',
      true,
      {},
      [[]],
      [1.5],
      [['x']],
    );
    fc.assert(
      fc.property(fc.oneof(valuesOf(columns), fc.anything()), fc.nat(), odd, (value, at, other) => {
        const names = Object.keys(columns.properties);
        const replaced = { ...Object(value), [names[at % names.length]!]: other };
        const damaged = damagesOf(columns, value).map((damage) => damage.value);
        for (const one of [value, replaced, ...damaged]) expect(isColumns(one)).toBe(fits(columns, one));
      }),
      { numRuns: 300 },
    );
  });

  it('are refused with any value of another type in them, and never read as something else', () => {
    const strange = fc.constantFrom(null, 'x', 7, true, {}, [], ['x'], [[]], [{}], [null]);
    fc.assert(
      fc.property(update, fc.nat(), strange, (u, at, value) => {
        const raw = JSON.parse(encodeUpdate(u)) as Record<string, unknown>;
        const names = Object.keys(raw).filter((name) => name !== 'kind');
        const name = names[at % names.length]!;
        const read = decodeUpdate(JSON.stringify({ ...raw, [name]: value }));
        if (!read.ok) expect(read.fault.code).toBe('wrong_type');
        else expect(decodeUpdate(encodeUpdate(read.value))).toEqual(read);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['text that is no JSON', '[', 'invalid_json'],
    ['an unknown kind', '{"kind":"more","metric":"m","version":1}', 'wrong_type'],
    ['a number', '7', 'wrong_type'],
    [
      'columns of different length',
      '{"kind":"cells","metric":"m","version":1,"pane":[1],"group":[],"part":[],"nums":[],"keys":[],"counts":[],"next":[]}',
      'wrong_type',
    ],
    ['a partition without its position', '{"kind":"facts","partitions":[{"partition":0}]}', 'wrong_type'],
    [
      'a state of texts',
      '{"kind":"cells","metric":"m","version":1,"pane":[1],"group":[[]],"part":["0"],"nums":[["1"]],"keys":[[]],"counts":[[]],"next":[1]}',
      'wrong_type',
    ],
    ['a missing column', '{"kind":"cells","metric":"m","version":1,"pane":[]}', 'wrong_type'],
  ])('refuses %s', (_, text, code) => {
    expect(decodeUpdate(text)).toMatchObject({ ok: false, fault: { code } });
  });
});
