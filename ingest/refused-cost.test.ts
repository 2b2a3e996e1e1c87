import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitBody } from '#contracts/body/split-body.ts';
import { DEFAULT_LIMITS, type PostAnswer } from '#contracts/event/event.ts';
import { checkEvents } from './core/check-events.ts';
import { runSlices } from './testing/run-slices.ts';
import { useIngest } from './testing/use-ingest.ts';

const start = useIngest();
const NDJSON = { 'content-type': 'application/x-ndjson' };
/** What an answer may have at most: the list of errors, and the problem around it. */
const ANSWER = 520_000;

const nest = (n: number): string => '['.repeat(n) + ']'.repeat(n);
const names = (n: number, tail: string): string =>
  Array.from({ length: n }, (_, i) => `"${i}${tail}":1`).join();
const inside = (depth: number, name: string, inner: string): string =>
  `${`{"${name}":`.repeat(depth)}{${inner}}${'}'.repeat(depth)}`;

/** Bodies that are crafted to be expensive, about as long as asked for. */
const HOSTILE: Record<string, (size: number) => string> = {
  'one deep list': (size) => nest(size / 2),
  'a deep list that is not closed': (size) => '['.repeat(size),
  'deep events': (size) => `[${repeat(`{"event":"a","properties":{"x":${nest(30_000)}}}`, size)}]`,
  'tiny events': (size) => `[${repeat('1', Math.min(size, 20_000))}]`,
  'empty lines': (size) => '\n'.repeat(size),
  'one long text': (size) => `{"event":"a","id":"${'y'.repeat(size)}"}`,
  'a long text that is not closed': (size) => `["${'\\"'.repeat(size / 2)}`,
  'long ids': (size) => `[${repeat(`{"id":"${'\\u0001'.repeat(180)}"}`, size)}]`,
  'ids beyond the limit': (size) => `[${repeat(`{"id":"${'z'.repeat(60_000)}"}`, size)}]`,
  'long unknown fields': (size) => `[${repeat(`{"${'q'.repeat(60_000)}":1}`, size)}]`,
  'long values of a wrong type': (size) =>
    `[${repeat(`{"event":"a","properties":"${'\\n'.repeat(30_000)}"}`, size)}]`,
  'long timestamps': (size) => `[${repeat(`{"event":"a","timestamp":"${'9'.repeat(60_000)}"}`, size)}]`,
  'long numbers': (size) => `[${repeat(`{"event":"a","properties":{"n":1${'0'.repeat(60_000)}}}`, size)}]`,
  'names twice': (size) => `[${repeat(`{"event":"a","properties":{${names(200, 'n')},"0n":1}}`, size)}]`,
  'paths that are one, far down': (size) =>
    `[${repeat(`{"event":"a","properties":${inside(30, 'n'.repeat(190), `${names(200, '')},"0":1`)}}`, size)}]`,
  'names of dots': (size) =>
    `[${repeat(`{"event":"a","properties":{${names(200, '.'.repeat(190))},"0${'.'.repeat(190)}":1}}`, size)}]`,
  'long names': (size) => `[${repeat(`{"event":"a","properties":{"${'é'.repeat(30_000)}":1}}`, size)}]`,
  'pretty-printed events': (size) =>
    `[${repeat(`{"event":"a","properties":{${'\n'.repeat(30_000)}}}`, size)}]`,
};

function repeat(text: string, size: number): string {
  return Array(Math.max(1, Math.floor(size / (text.length + 1))))
    .fill(text)
    .join();
}

/** Ingest's answer to a body, and the number of slices it takes. */
function judge(text: string) {
  const body = Buffer.from(text);
  const receipt = { received: 1_795_428_000_000, sentAt: null, skew: 300_000 };
  const split = runSlices(splitBody(body, 'json', DEFAULT_LIMITS.batchEvents));
  if (!split.outcome.ok)
    return { slices: split.slices, longest: 0, answer: JSON.stringify(split.outcome.fault) };
  const taken = runSlices(checkEvents(body, split.outcome.value, DEFAULT_LIMITS, receipt));
  return { slices: split.slices + taken.slices, answer: JSON.stringify(taken.outcome.errors) };
}

describe('refusing', () => {
  test.each(Object.keys(HOSTILE))(
    '%s: the answer has a fixed size, and long bodies are judged in slices',
    (kind) => {
      const size = 4_000_000;
      const { answer, slices } = judge(HOSTILE[kind]!(size));
      expect(Buffer.byteLength(answer)).toBeLessThan(ANSWER);
      // A body that is too large or empty is refused at once; every other one is read piece by piece.
      if (!['one long text', 'tiny events', 'empty lines'].includes(kind))
        expect(slices).toBeGreaterThan(size / 600_000 - 1);
    },
  );

  test.each(Object.keys(HOSTILE))('%s: twice the body is read no more than twice as often', (kind) => {
    const visits = (size: number): number => countReads(HOSTILE[kind]!(size));
    const [once, twice] = [visits(200_000), visits(400_000)];
    expect(twice).toBeLessThan(2.3 * once + 10_000);
    expect(once).toBeLessThan(12 * 200_000);
  });

  test('what is listed is cut, and what is left out is counted', async () => {
    const harness = await start();
    const response = await harness.post('1\n'.repeat(5_000), NDJSON);
    const account = response.json<PostAnswer>();
    expect(account.rejected).toBe(5_000);
    expect(account.errors.length + account.omitted!).toBe(5_000);
    expect(account.errors).toHaveLength(1_000);
    const few = await harness.post('1\n'.repeat(1_000), NDJSON);
    expect(few.json()).not.toHaveProperty('omitted');
  });

  test('an id that no event may have is not sent back', async () => {
    const harness = await start();
    const response = await harness.post(
      `[{"id":"${'y'.repeat(201)}"},{"id":"${'y'.repeat(200)}"},{"x":[{"id":"a"}],"id":"b"}]`,
    );
    expect(response.json<PostAnswer>().errors.map(({ id }) => id)).toEqual([null, 'y'.repeat(200), 'b']);
  });

  test('what a refused body cost counts for its sender', async () => {
    const harness = await start({ env: { MILLRACE_ADDRESS_BYTES: '1000000' } });
    // 100 KB that unpack to 10 MB of nothing good.
    const bomb = gzipSync(`[${'['.repeat(5_000_000)}`);
    expect((await harness.post(bomb, { 'content-encoding': 'gzip' })).json()).toMatchObject({
      code: 'invalid_json',
    });
    const next = await harness.post('{"event":"a"}');
    expect(next.json()).toMatchObject({ code: 'too_many_requests', field: 'bytes' });
  });

  test('what one sender may have recorded is bounded, and leaves room for others', async () => {
    const harness = await start({ settings: { rejectedBytes: 4_000 } });
    for (let i = 0; i < 20; i++) await harness.post(`{"event":1,"x":"${'y'.repeat(2_000)}"}`);
    const own = (await harness.rejected()).length;
    expect(own).toBeGreaterThan(3);
    expect(own).toBeLessThan(12);
    expect(own + (await harness.metrics.read('millrace_ingest_rejected_dropped_total'))).toBe(20);
  });
});

/** How often a byte of the body is read, by index or as part of a piece. */
function countReads(text: string): number {
  let reads = 0;
  const bytes = Buffer.from(text);
  const counted = new Proxy(bytes, {
    get(target, name) {
      if (typeof name === 'string' && name.charCodeAt(0) <= 0x39) reads++;
      const value = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: number[]) => {
        const result = value.apply(target, args);
        if (name === 'subarray') reads += result.length;
        if (name === 'indexOf') reads += (result < 0 ? target.length : result) - args[1]!;
        return result;
      };
    },
  });
  const receipt = { received: 1_795_428_000_000, sentAt: null, skew: 300_000 };
  const { outcome } = runSlices(splitBody(counted, 'json', DEFAULT_LIMITS.batchEvents));
  if (outcome.ok) runSlices(checkEvents(counted, outcome.value, DEFAULT_LIMITS, receipt));
  return reads;
}

test('random bodies of hostile pieces are answered within the bound', () => {
  const piece = fc.constantFrom(
    '[',
    ']',
    '{',
    '}',
    ',',
    ':',
    '"',
    '\\',
    '\\u0001',
    '\\ud800',
    '\n',
    ' ',
    '1',
    '-',
    'e9',
    '9'.repeat(400),
    '{"event":"a"}',
    '"id":',
    `"${'x'.repeat(300)}"`,
    'é',
    '\ud83d\ude00',
    '{"a":',
    '"a.b":1,',
    'null',
  );
  const body = fc.array(fc.tuple(piece, fc.integer({ min: 1, max: 400 })), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(body, fc.constantFrom('json', 'ndjson'), (pieces, media) => {
      const text = pieces.map(([part, times]) => part.repeat(times)).join('');
      const bytes = Buffer.from(text);
      const { outcome } = runSlices(splitBody(bytes, media as 'json', 10_000));
      if (!outcome.ok) return;
      const receipt = { received: 1_795_428_000_000, sentAt: null, skew: 300_000 };
      const { events, duplicates, rejected, errors, refused } = runSlices(
        checkEvents(bytes, outcome.value, DEFAULT_LIMITS, receipt),
      ).outcome;
      expect(events.length + duplicates + rejected).toBe(outcome.value.spans.length);
      expect(Buffer.byteLength(JSON.stringify(errors))).toBeLessThan(ANSWER);
      expect(refused.length).toBeLessThanOrEqual(100);
    }),
    { numRuns: 500 },
  );
});
