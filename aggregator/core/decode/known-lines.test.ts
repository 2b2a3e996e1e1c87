import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode } from './decode.ts';
import { wantedOf } from './decoded-block.ts';
import { createKnownLines, readKnownLine } from './known-lines.ts';

const AT = 1_700_000_000_000;
const PATHS = ['a', 'a.b', 'n', 'cart.total', 'none', '__proto__', 'list'];
const bodyOf = (lines: readonly string[]) => ({
  value: Buffer.from(lines.join('\n')),
  received: AT,
  foreign: false,
});

/** Whether a line is read without parsing, once `before` was decoded. */
function isKnown(line: string, before: readonly string[]): boolean {
  const known = createKnownLines();
  const wanted = wantedOf(PATHS);
  decode(bodyOf(before), wanted, known);
  const block = bodyOf([line]);
  known.shapes.begin(block.value, wanted.paths);
  return readKnownLine(known, block, line, 0, block.value.length, 0) !== null;
}

const text = fc.oneof(
  fc.constantFrom('', 'DE', 'pro', 'a"b', 'ü', '\u007f', '\\'),
  fc.string({ maxLength: 4 }),
);
const scalar = fc.oneof(
  { weight: 3, arbitrary: text },
  { weight: 3, arbitrary: fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })) },
  fc.constantFrom(0, -0, 1e21, 1e-7, 1e-6, 0.1, 5.142857142857143, 2 ** 53, 123456789012345.6),
  fc.constantFrom(true, false, null),
);
const name = fc.constantFrom('a', 'b', 'n', 'list', '1', 'a.b', '__proto__');
const properties = fc.dictionary(
  name,
  fc.oneof({ weight: 6, arbitrary: scalar }, fc.dictionary(name, scalar, { maxKeys: 2 }), fc.array(scalar)),
  { maxKeys: 3 },
);
const event = fc.record(
  {
    event: fc.constantFrom('checkout', 'view', '', 7),
    id: fc.oneof(text, fc.constantFrom(null, 3)),
    key: fc.oneof(text, fc.constant(null)),
    timestamp: fc.constantFrom(
      AT,
      '2026-11-23T10:00:00.123Z',
      '2026-11-23T10:00:00+01:00',
      'x',
      null,
      12.5,
      -1,
    ),
    properties: fc.oneof({ weight: 9, arbitrary: properties }, fc.constantFrom(null, 3)),
  },
  { requiredKeys: ['event', 'properties'] },
);
// Lines as JSON.stringify writes them, and some that it does not write so.
const line = fc
  .tuple(event, fc.constantFrom('', '', '', ' ', '}', '\r', '0', ',"event":"again"}'), fc.nat(), fc.nat(9))
  .map(([value, odd, at, chance]) => {
    const plain = JSON.stringify(value);
    const cut = at % (plain.length + 1);
    return chance > 2 ? plain : plain.slice(0, cut) + odd + plain.slice(cut);
  });

describe('known lines', () => {
  it('read as unknown ones do', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.constantFrom(PATHS, []), (lines, paths) => {
        const wanted = wantedOf(paths);
        const known = createKnownLines();
        decode(bodyOf(lines), wanted, known);
        const again = decode(bodyOf(lines), wanted, known);
        // Alone each is the first of its kind.
        const alone = lines.map((one) => decode(bodyOf([one]), wanted));
        expect(again.events.map(({ index, ...rest }) => rest)).toEqual(
          alone.flatMap(({ events }) => events.map(({ index, ...rest }) => rest)),
        );
        expect(again.rejected.map((r) => r.fault)).toEqual(
          alone.flatMap(({ rejected }) => rejected.map((r) => r.fault)),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('are those with the literals of an earlier one', () => {
    const first = '{"event":"a","id":"1","timestamp":1,"properties":{"a":"x","cart":{"total":1}}}';
    expect(isKnown(first, [first])).toBe(true);
    expect(
      isKnown('{"event":"b","id":"","timestamp":1.5,"properties":{"a":null,"cart":{"total":-2.25}}}', [
        first,
      ]),
    ).toBe(true);
    expect(isKnown('{"event":"b","properties":{"a":1}}', [first])).toBe(false);
    expect(isKnown('{"event":"b"}', [first, '{"event":"a"}'])).toBe(true);
    // One spelling of a value that JSON.stringify would change.
    for (const value of [
      '1.0',
      '-0',
      '1e3',
      '"\\u0041"',
      '"ü"',
      '12345678901234567890',
      '0.0000001',
      '01',
      '[]',
      '{}',
    ])
      expect(isKnown(first.replace('"x"', value), [first])).toBe(false);
  });

  it('are forgotten when other values are wanted', () => {
    const known = createKnownLines();
    const block = bodyOf(['{"event":"a","properties":{"x":1,"y":2}}']);
    expect(decode(block, wantedOf(['x']), known).events[0]!.values).toEqual([1]);
    expect(decode(block, wantedOf(['y', 'x']), known).events[0]!.values).toEqual([2, 1]);
  });
});
