import { describe, expect, it } from 'vitest';
import type { StoredRecord } from '#platform/log/log.ts';
import { readEventRows, readRejectedRows } from './tail-rows.ts';

const stored = (text: string, headers: Record<string, string> = {}): StoredRecord => ({
  key: null,
  value: Buffer.from(text),
  headers,
  offset: 0,
  time: 77,
});

const at = (index: number) => ({ partition: 3, offset: 0, index });
const pairs = (n: number): [string, string][] => [
  ['n', `${n}`],
  ['deep', '…'],
];

describe('rows of the event tail', () => {
  it('are the newest events of a block, in short', () => {
    const lines = Array.from({ length: 9 }, (_, i) =>
      JSON.stringify({ event: `e${i}`, properties: { n: i, deep: { a: 1 } } }),
    );
    const { rows, events } = readEventRows(stored(lines.join('\n')), 3, 2);
    expect(events).toBe(9);
    expect(rows).toEqual([
      { time: 77, event: 'e7', text: 'n 7  deep …', properties: pairs(7), kinds: 'no', position: at(7) },
      { time: 77, event: 'e8', text: 'n 8  deep …', properties: pairs(8), kinds: 'no', position: at(8) },
    ]);
  });

  it('keep names and values apart, whatever is written in them', () => {
    const properties = { 'Price (EUR)': 5, note: 'x  country DE', country: 'FR' };
    const { rows } = readEventRows(stored(JSON.stringify({ event: 'e', properties })), 3, 1);
    expect(rows[0]?.properties).toEqual([
      ['Price (EUR)', '5'],
      ['note', 'x  country DE'],
      ['country', 'FR'],
    ]);
  });

  it('say what each value was, and whether there are more', () => {
    const read = (properties: object) =>
      readEventRows(stored(JSON.stringify({ event: 'e', properties })), 3, 1).rows[0]!;
    expect(read({ a: '7', b: 7, c: true, d: null, e: [1] })).toMatchObject({ kinds: 'snbzo' });
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`p${i}`, i]));
    expect(read(many)).toMatchObject({ kinds: 'nnnnnnnn', cut: true });
    expect(read({})).toEqual({ time: 77, event: 'e', text: '', properties: [], kinds: '', position: at(0) });
  });

  it('name the event, so that its verdict can be asked for', () => {
    const text =
      '{"event":"a"}\n \r\n\n{"event":"b","id":"order-1","key":"u_42"}\n{"event":"c","id":7,"key":null}';
    expect(readEventRows(stored(text), 3, 2).rows).toMatchObject([
      { event: 'b', id: 'order-1', key: 'u_42', position: at(1) },
      { event: 'c', position: at(2) },
    ]);
    const long = JSON.stringify({ event: 'd', id: 'x'.repeat(201) });
    for (const one of [text, long]) expect(readEventRows(stored(one), 3, 1).rows[0]).not.toHaveProperty('id');
  });

  it('cut a long value where it says so, and never within a sign', () => {
    for (let n = 70; n < 90; n++) {
      const note = `${'a'.repeat(n)}${'😀'.repeat(20)}`;
      const { rows } = readEventRows(stored(JSON.stringify({ event: 'e', properties: { note } })), 3, 1);
      const [, value] = rows[0]!.properties![0]!;
      expect(value.isWellFormed()).toBe(true);
      expect(value.length).toBeLessThanOrEqual(80);
      expect(value.endsWith('…') && note.startsWith(value.slice(0, -1))).toBe(true);
    }
  });

  it.each(['', '\n\n', 'no json', '[1]', '{"event":7}', 'null'])('leave out what is no event: %j', (text) => {
    expect(readEventRows(stored(text), 3, 5).rows).toEqual([]);
  });

  it('leave out control blocks and unknown formats', () => {
    const control = { 'millrace-format': '1', 'millrace-received': '5', 'millrace-kind': 'control' };
    expect(readEventRows(stored('{"event":"x"}', control), 3, 5)).toEqual({ rows: [], events: 0 });
    expect(readEventRows(stored('{"event":"x"}', { 'millrace-format': '9' }), 3, 5)).toEqual({
      rows: [],
      events: 0,
    });
  });

  it('show why an event was rejected', () => {
    const rejected = {
      time: 5,
      code: 'wrong_type',
      field: 'amount',
      message: 'no',
      body: '{"event":"order"}',
    };
    const row = {
      time: 5,
      event: 'order',
      text: '{"event":"order"}',
      rejected: { code: 'wrong_type', field: 'amount', message: 'no' },
    };
    expect(readRejectedRows(stored(JSON.stringify(rejected)))).toEqual({ rows: [row], events: 1 });
    expect(readRejectedRows(stored('garbage'))).toEqual({ rows: [], events: 0 });
  });

  it('count what was refused and not recorded', () => {
    const leftOut = { time: 5, since: 1, leftOut: { invalid_key: 40, invalid_json: 2 } };
    expect(readRejectedRows(stored(JSON.stringify(leftOut)))).toEqual({ rows: [], events: 42 });
    const wrong = { ...leftOut, leftOut: { invalid_key: -40 } };
    expect(readRejectedRows(stored(JSON.stringify(wrong)))).toEqual({ rows: [], events: 0 });
  });
});
