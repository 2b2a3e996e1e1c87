import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../errors.ts';
import { DEFAULT_LIMITS, type EventLimits } from './event.ts';
import { scanEvent } from './event-scan.ts';

const encoder = new TextEncoder();
const scan = (text: string | Uint8Array, limits: EventLimits = DEFAULT_LIMITS) => {
  const bytes = typeof text === 'string' ? encoder.encode(text) : text;
  return scanEvent(bytes, 0, bytes.length, limits);
};
const code = (text: string | Uint8Array, limits?: EventLimits): ErrorCode | 'ok' => {
  const read = scan(text, limits);
  return read.ok ? 'ok' : read.fault.code;
};
const withProperties = (properties: string): string => `{"event":"a","properties":${properties}}`;
const nested = (depth: number): string =>
  withProperties(`${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`);

describe('what an event may be', () => {
  it('reads the fields', () => {
    const text =
      ' {"event":"checkout","id":"018f","timestamp":"2026-11-23T10:00:00.123Z","key":"u_42","properties":{"amount":42.5}} \r';
    expect(scan(text)).toMatchObject({
      ok: true,
      value: { event: 'checkout', id: '018f', key: 'u_42', timestamp: Date.UTC(2026, 10, 23, 10, 0, 0, 123) },
    });
    expect(scan('{"event":"a"}')).toMatchObject({
      ok: true,
      value: { event: 'a', id: null, key: null, timestamp: null },
    });
  });

  it('reads every spelling of text alike', () => {
    expect(scan('{"\\u0065vent":"\\ud83d\\ude00\\n\\"é"}')).toMatchObject({
      ok: true,
      value: { event: '😀\n"é' },
    });
  });

  it.each([
    withProperties('{"__proto__":1,"constructor":{"__proto__":null}}'),
    withProperties('{"a":1,"a.b":2}'),
    withProperties('{"a":{"b":1},"a.c":2}'),
    withProperties('{"a":[{"x":1},{"x":2}],"x":1}'),
    withProperties('{"a":{"x":1},"b":{"x":1}}'),
    withProperties('{"n":[-0,1e300,1E-400,0.5,123456789012345678901234567890]}'),
    withProperties('{"":1}'),
    withProperties('{"":{"a":1},"a":2}'),
  ])('takes %s', (text) => {
    expect(code(text)).toBe('ok');
  });
});

describe('what is refused', () => {
  it.each<[ErrorCode, string]>([
    ['invalid_json', ''],
    ['invalid_json', '{'],
    ['invalid_json', '{"event":"a"'],
    ['invalid_json', '{"event":"a",}'],
    ['invalid_json', '{"event" "a"}'],
    ['invalid_json', '{"event":"a"} {"event":"b"}'],
    ['invalid_json', '{"event":"a\n"}'],
    ['invalid_json', '{"event":"\\x"}'],
    ['invalid_json', "{'event':'a'}"],
    ['invalid_json', withProperties('{"a":NaN}')],
    ['invalid_json', withProperties('{"a":-Infinity}')],
    ['invalid_json', withProperties('{"a":01}')],
    ['invalid_json', withProperties('{"a":1.}')],
    ['invalid_json', withProperties('{"a":.5}')],
    ['invalid_json', withProperties('{"a":1e}')],
    ['invalid_json', withProperties('{"a":[1,]}')],
    ['invalid_json', withProperties('{"a":tru}')],
    ['invalid_json', withProperties('{"a":}')],
    ['invalid_json', withProperties('{a:1}')],
    ['not_an_object', '[]'],
    ['not_an_object', '"text"'],
    ['not_an_object', '12'],
    ['not_an_object', 'null'],
    ['missing_field', '{}'],
    ['missing_field', '{"id":"1"}'],
    ['out_of_range', '{"event":""}'],
    ['unknown_field', '{"event":"a","amount":1}'],
    ['unknown_field', '{"event":"a","__proto__":{}}'],
    ['wrong_type', '{"event":1}'],
    ['wrong_type', '{"event":"a","id":7}'],
    ['wrong_type', '{"event":"a","key":null}'],
    ['wrong_type', '{"event":"a","timestamp":true}'],
    ['wrong_type', '{"event":"a","timestamp":null}'],
    ['wrong_type', '{"event":"a","properties":[]}'],
    ['invalid_timestamp', '{"event":"a","timestamp":"yesterday"}'],
    ['invalid_timestamp', '{"event":"a","timestamp":"2026-02-30T10:00:00Z"}'],
    ['invalid_timestamp', '{"event":"a","timestamp":-5}'],
    ['duplicate_key', '{"event":"a","event":"b"}'],
    ['duplicate_key', withProperties('{"a":1,"a":2}')],
    ['duplicate_key', withProperties('{"a":1,"\\u0061":2}')],
    ['duplicate_key', withProperties('{"é":1,"\\u00e9":2}')],
    ['duplicate_key', withProperties('{"__proto__":1,"__proto__":2}')],
    ['duplicate_key', withProperties('{"x":[1,{"a":1,"a":2}]}')],
    ['ambiguous_path', withProperties('{"a.b":1,"a":{"b":2}}')],
    ['ambiguous_path', withProperties('{"a":{"b.c":1,"b":{"c":2}}}')],
    ['ambiguous_path', withProperties('{"x":[{"b.c":1,"b":{"c":2}}]}')],
    ['ambiguous_path', withProperties('{"":{"a":1},".a":2}')],
    ['ambiguous_path', withProperties('{"":{"":1},".":2}')],
    ['lone_surrogate', '{"event":"\\ud800"}'],
    ['lone_surrogate', '{"event":"\\udc00"}'],
    ['lone_surrogate', '{"event":"\\ud800\\u0041"}'],
    ['lone_surrogate', withProperties('{"\\udfff":1}')],
    ['out_of_range', withProperties('{"a":1e400}')],
    ['out_of_range', withProperties(`{"a":-${'9'.repeat(400)}}`)],
    ['out_of_range', '{"event":"a","timestamp":1e999}'],
  ])('%s: %s', (expected, text) => {
    expect(code(text)).toBe(expected);
  });

  it('names what was found and what to do', () => {
    expect(scan('{"event":"a","amount":1}')).toMatchObject({
      fault: { field: 'amount', message: expect.stringContaining('put "amount" under properties') },
    });
    expect(scan('{"event":"a","id":7}')).toMatchObject({
      fault: { field: 'id', message: expect.stringContaining('got 7') },
    });
    expect(scan(withProperties('{"a":{"b":1},"a.b":2}'))).toMatchObject({
      fault: { field: 'properties.a.b' },
    });
  });

  it.each([
    ['a stray continuation byte', [0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['an encoded surrogate', [0xed, 0xa0, 0x80]],
    ['a code point above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['a character cut in two', [0xe2, 0x82]],
  ])('invalid UTF-8: %s', (_, bad) => {
    const around = encoder.encode('{"event":"a"}');
    const bytes = Uint8Array.from([...around.slice(0, 10), ...bad, ...around.slice(10)]);
    expect(code(bytes)).toBe('invalid_utf8');
  });
});

describe('limits, at the limit and one beyond', () => {
  const limits: EventLimits = { ...DEFAULT_LIMITS, eventBytes: 100, properties: 4, nameLength: 16 };

  it.each<[string, string, string, ErrorCode]>([
    ['depth', nested(32), nested(33), 'too_deep'],
    [
      'depth in arrays',
      withProperties(`{"a":${'['.repeat(31)}${']'.repeat(31)}}`),
      withProperties(`{"a":${'['.repeat(32)}${']'.repeat(32)}}`),
      'too_deep',
    ],
  ])('%s', (_, good, bad, expected) => {
    expect(code(good)).toBe('ok');
    expect(code(bad)).toBe(expected);
  });

  it.each<[string, (n: number) => string, number, ErrorCode]>([
    [
      'event bytes',
      (n) => `{"event":"a","properties":{"a":"${'x'.repeat(n - 35)}"}}`,
      100,
      'event_too_large',
    ],
    [
      'properties',
      (n) => withProperties(`{${Array.from({ length: n }, (_, i) => `"p${i}":1`)}}`),
      4,
      'too_many_properties',
    ],
    [
      'nested properties',
      (n) => withProperties(`{"a":[{${Array.from({ length: n - 1 }, (_, i) => `"p${i}":1`)}}]}`),
      4,
      'too_many_properties',
    ],
    ['event name', (n) => `{"event":"${'é'.repeat(n)}"}`, 16, 'name_too_long'],
    ['id', (n) => `{"event":"a","id":"${'😀'.repeat(n)}"}`, 16, 'name_too_long'],
    ['key', (n) => `{"event":"a","key":"${'k'.repeat(n)}"}`, 16, 'name_too_long'],
    ['property name', (n) => withProperties(`{"${'é'.repeat(n)}":1}`), 16, 'name_too_long'],
  ])('%s', (_, make, limit, expected) => {
    expect(code(make(limit), limits)).toBe('ok');
    expect(code(make(limit + 1), limits)).toBe(expected);
  });
});

describe('for any input', () => {
  const json = fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' });
  const event = fc.record(
    {
      event: fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
      id: fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
      key: fc.string({ minLength: 1, maxLength: 40 }),
      timestamp: fc.integer({ min: 1, max: 2e9 }),
      properties: fc.dictionary(fc.string({ unit: 'binary', maxLength: 8 }), json, { maxKeys: 8 }),
    },
    { requiredKeys: ['event'] },
  );

  it('agrees with JSON.parse on what it accepts, and finds nothing else wrong with valid events', () => {
    fc.assert(
      fc.property(event, fc.constantFrom(undefined, 1, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        const read = scan(text);
        if (!read.ok) expect(['ambiguous_path', 'lone_surrogate']).toContain(read.fault.code);
        else {
          expect(read.value).toMatchObject({
            event: value.event,
            id: value.id ?? null,
            key: value.key ?? null,
            timestamp: value.timestamp === undefined ? null : value.timestamp * 1_000,
          });
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never throws on damaged bytes, never reads past its span, and accepts only what JSON.parse accepts', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    });
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    fc.assert(
      fc.property(event, damage, fc.nat(), (value, changes, cut) => {
        const bytes = encoder.encode(JSON.stringify(value));
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        const end = cut % 3 === 0 ? cut % bytes.length : bytes.length;
        const read = scanEvent(bytes, 0, end, DEFAULT_LIMITS);
        expect(scan(bytes.slice(0, end))).toEqual(read);
        if (!read.ok) return;
        const parsed = JSON.parse(strict.decode(bytes.subarray(0, end)));
        expect(parsed.event).toBe(read.value.event);
        expect(parsed.id ?? null).toBe(read.value.id);
      }),
      { numRuns: 1_000 },
    );
  });
});
