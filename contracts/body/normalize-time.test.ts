import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../event/event.ts';
import { scanEvent } from '../event/event-scan.ts';
import { normalizeTime } from './normalize-time.ts';

const NOW = Date.UTC(2026, 10, 23, 10, 0, 0);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function judge(text: string, sentAt: number | null) {
  const body = bytesOf(`[${text}]`);
  const scanned = scanEvent(body, 1, body.length - 1, DEFAULT_LIMITS);
  if (!scanned.ok) throw new Error(scanned.fault.message);
  const judged = normalizeTime(body, 1, body.length - 1, scanned.value, {
    received: NOW,
    sentAt,
    skew: 300_000,
  });
  if (!judged.ok) return judged.fault.code;
  const { bytes, start, end } = judged.value;
  return new TextDecoder().decode(bytes.subarray(start, end));
}

it('leaves events alone without sent_at', () => {
  const text = `{"event":"a","timestamp":${NOW + 300_000}}`;
  expect(judge(text, null)).toBe(text);
  expect(judge(`{"event":"a","timestamp":${NOW + 300_001}}`, null)).toBe('timestamp_in_future');
});

it.each([
  '1e8',
  '946684800',
  '946684800000',
  '946684800000000',
  '946684800000000000',
  '"1970-03-01"',
  '"1985-10-26T01:21:00Z"',
])('takes the past that an event may come from: %s', (time) => {
  const text = `{"event":"a","timestamp":${time}}`;
  expect(judge(text, null)).toBe(text);
});

it.each([
  ['0', 'Leave the field out'],
  ['1', 'Leave the field out'],
  ['0.5', 'Leave the field out'],
  ['46350', 'As a day of a spreadsheet it would be 2026-11-24T00:00:00.000Z.'],
  ['46350.5', 'As a day of a spreadsheet it would be 2026-11-24T12:00:00.000Z.'],
  ['20261123', 'As a date it would be "2026-11-23".'],
  ['20261399', 'got 20261399.'],
  ['99999999', 'epoch numbers begin at 100000000 s (1973)'],
  ['"1970-01-01T00:00:00Z"', 'which is what 0 becomes'],
  ['"1970-01-20T16:13:20.000Z"', 'seconds that are taken for milliseconds'],
  ['"1970-01-01"', 'times before March 1970 are not taken'],
])('refuses %s, which no event means, and says what it may be', (time, words) => {
  const body = new TextEncoder().encode(`{"event":"a","timestamp":${time}}`);
  const scanned = scanEvent(body, 0, body.length, DEFAULT_LIMITS);
  if (!scanned.ok) throw new Error(scanned.fault.message);
  const judged = normalizeTime(body, 0, body.length, scanned.value, {
    received: NOW,
    sentAt: null,
    skew: 300_000,
  });
  expect(judged).toMatchObject({ ok: false, fault: { code: 'invalid_timestamp', field: 'timestamp' } });
  expect(judged.ok ? '' : judged.fault.message).toContain(words);
});

it('corrects by the difference between sent_at and receipt, and rewrites the timestamp alone', () => {
  const ahead = NOW + 3_600_000;
  expect(judge(`{"timestamp": ${ahead - 1_000} ,"event":"a","properties":{"timestamp":1}}`, ahead)).toBe(
    '{"timestamp": "2026-11-23T09:59:59.000Z" ,"event":"a","properties":{"timestamp":1}}',
  );
  expect(judge(`{"event":"a","timestamp":"${new Date(NOW).toISOString()}"}`, NOW - 1_500)).toBe(
    '{"event":"a","timestamp":"2026-11-23T10:00:01.500Z"}',
  );
});

it('rewrites nothing when the clocks agree or there is no timestamp', () => {
  expect(judge(`{"event":"a","timestamp":${NOW}}`, NOW)).toBe(`{"event":"a","timestamp":${NOW}}`);
  expect(judge('{"event":"a"}', 5)).toBe('{"event":"a"}');
});

it('judges what it has corrected', () => {
  expect(judge(`{"event":"a","timestamp":${NOW}}`, NOW - 400_000)).toBe('timestamp_in_future');
  expect(judge('{"event":"a","timestamp":1000000}', NOW + 2_000_000_000)).toBe('invalid_timestamp');
});

it('writes every corrected time in a form that is read back as the same instant', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 5_097_600_000, max: NOW }),
      fc.integer({ min: 1, max: 1e9 }),
      (ms, late) => {
        const time = new Date(ms).toISOString();
        const line = judge(`{"event":"a","timestamp":"${time}"}`, NOW + late);
        if (ms - late < 0) return expect(line).toBe('invalid_timestamp');
        expect(Date.parse(JSON.parse(line).timestamp)).toBe(ms - late);
      },
    ),
  );
});
