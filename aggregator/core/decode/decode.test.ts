import { describe, expect, it } from 'vitest';
import { decode } from './decode.ts';
import { wantedOf } from './decoded-block.ts';

const AT = 1_700_000_000_000;
const read = (text: string, foreign = false, paths: string[] = []) =>
  decode({ value: Buffer.from(text), received: AT, foreign }, wantedOf(paths));

describe('decode', () => {
  it('reads lines, with or without a final newline, and numbers them without the blank ones', () => {
    const { events, rejected } = read('{"event":"a"}\n\n \r\n{"event":"b","timestamp":1700000000}\n');
    expect(events.map((e) => [e.index, e.event, e.ts])).toEqual([
      [0, 'a', AT],
      [1, 'b', AT],
    ]);
    expect(rejected).toEqual([]);
    expect(read('').events).toEqual([]);
  });

  it('gives the wanted values in order, nested or literal, and undefined where there is none', () => {
    const line = '{"event":"a","properties":{"cart":{"total":3},"x.y":1,"__proto__":"p"}}';
    const [event] = read(line, true, ['x.y', 'cart.total', 'none', '__proto__']).events;
    expect(event?.values).toEqual([1, 3, undefined, 'p']);
    expect(JSON.parse(event!.properties)).toMatchObject({ cart: { total: 3 } });
  });

  it.each([
    ['{"event":"a","amount":1}', 'unknown_field'],
    ['{"event":"a","event":"b"}', 'duplicate_key'],
    ['{"event":"a","properties":{"a.b":1,"a":{"b":2}}}', 'ambiguous_path'],
    ['{"event":"a","properties":{"s":"\\ud800"}}', 'lone_surrogate'],
    ['{"properties":{}}', 'missing_field'],
    [`{"event":"a","timestamp":${AT + 300_001}}`, 'timestamp_in_future'],
    ['{"event":"a"', 'invalid_json'],
    ['[1]', 'not_an_object'],
  ])('refuses the foreign line %s, and reads its neighbours', (line, code) => {
    const { events, rejected } = read(`{"event":"before"}\n${line}\n{"event":"after"}`, true);
    expect(events.map((e) => [e.index, e.event])).toEqual([
      [0, 'before'],
      [2, 'after'],
    ]);
    expect(rejected).toMatchObject([{ index: 1, fault: { code }, body: line }]);
  });

  it('accepts a foreign timestamp up to the limit, and one of ingest beyond it, which ingest has checked', () => {
    expect(read(`{"event":"a","timestamp":${AT + 300_000}}`, true).events).toHaveLength(1);
    expect(read(`{"event":"a","timestamp":${AT + 300_001}}`).events).toHaveLength(1);
  });

  it('never throws, whatever a block that claims to be of ingest holds', () => {
    const lines = [
      '1',
      '{"event":7}',
      '{"event":"a","id":1}',
      '{"event":"a","key":[]}',
      '{"event":"a","timestamp":"x"}',
    ];
    const { events, rejected } = read(
      [...lines, '{"event":"a","properties":[]}', '{"event":"b"}'].join('\n'),
    );
    expect(events).toHaveLength(1);
    expect(rejected.map((r) => r.fault.code)).toEqual([
      'not_an_object',
      'wrong_type',
      'wrong_type',
      'wrong_type',
      'invalid_timestamp',
      'wrong_type',
    ]);
  });
});
