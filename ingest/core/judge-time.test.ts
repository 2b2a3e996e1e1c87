import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '#contracts/event.ts';
import { scanEvent } from '#contracts/event-scan.ts';
import { MAX_TIMESTAMP } from '#contracts/timestamp.ts';
import { isoTime } from './iso-time.ts';
import { judgeTime } from './judge-time.ts';

const NOW = Date.UTC(2026, 10, 23, 10, 0, 0);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function judge(text: string, sentAt: number | null) {
  const body = bytesOf(`[${text}]`);
  const scanned = scanEvent(body, 1, body.length - 1, DEFAULT_LIMITS);
  if (!scanned.ok) throw new Error(scanned.fault.message);
  const judged = judgeTime(body, 1, body.length - 1, scanned.value, { received: NOW, sentAt, skew: 300_000 });
  if (!judged.ok) return judged.fault.code;
  const { bytes, start, end } = judged.value;
  return new TextDecoder().decode(bytes.subarray(start, end));
}

it('leaves events alone without sent_at', () => {
  const text = `{"event":"a","timestamp":${NOW + 300_000}}`;
  expect(judge(text, null)).toBe(text);
  expect(judge(`{"event":"a","timestamp":${NOW + 300_001}}`, null)).toBe('timestamp_in_future');
  expect(judge('{"event":"a","timestamp":0}', null)).toBe('{"event":"a","timestamp":0}');
});

it('corrects by the difference between sent_at and receipt, and rewrites the timestamp alone', () => {
  const ahead = NOW + 3_600_000;
  expect(judge(`{"timestamp": ${ahead - 1_000} ,"event":"a","properties":{"timestamp":1}}`, ahead)).toBe(
    '{"timestamp": "2026-11-23T09:59:59.000Z" ,"event":"a","properties":{"timestamp":1}}',
  );
  expect(judge(`{"event":"a","timestamp":"${isoTime(NOW)}"}`, NOW - 1_500)).toBe(
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

it('writes times as Date does', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: MAX_TIMESTAMP - 1 }), (ms) => {
      expect(isoTime(ms)).toBe(new Date(ms).toISOString());
    }),
  );
});
