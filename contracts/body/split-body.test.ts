import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runSlices } from '../../ingest/testing/run-slices.ts';
import { splitBody } from './split-body.ts';

const utf8 = new TextEncoder();
const decoder = new TextDecoder();

function split(text: string, media: 'json' | 'ndjson'): unknown[] | string {
  const bytes = utf8.encode(text);
  const result = runSlices(splitBody(bytes, media, 1_000)).outcome;
  return result.ok
    ? result.value.spans.map(({ start, end }) => JSON.parse(decoder.decode(bytes.subarray(start, end))))
    : result.fault.code;
}

const object = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }), { maxKeys: 5 });

it('finds the elements of any array of any JSON', () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue({ maxDepth: 4 }), { maxLength: 20 }),
      fc.constantFrom(undefined, 2),
      (list, space) => {
        expect(split(JSON.stringify(list, null, space), 'json')).toEqual(JSON.parse(JSON.stringify(list)));
      },
    ),
  );
});

it('finds the lines of any NDJSON', () => {
  fc.assert(
    fc.property(
      fc.array(object, { minLength: 1, maxLength: 20 }),
      fc.constantFrom('\n', '\r\n', '\n\n'),
      fc.boolean(),
      (list, feed, final) => {
        const text = list.map((value) => JSON.stringify(value)).join(feed) + (final ? feed : '');
        expect(split(text, 'ndjson')).toEqual(JSON.parse(JSON.stringify(list)));
      },
    ),
  );
});

it('never throws, and never gives a span outside the body', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 60 }),
      fc.constantFrom('json' as const, 'ndjson' as const, 'other' as const),
      (noise, media) => {
        const bytes = Uint8Array.from([0x5b, ...noise]);
        const result = runSlices(splitBody(bytes, media, 10)).outcome;
        for (const { start, end } of result.ok ? result.value.spans : []) {
          expect(start).toBeLessThanOrEqual(end);
          expect(end).toBeLessThanOrEqual(bytes.length);
        }
      },
    ),
  );
});

it('finds the same events wherever a slice ends', () => {
  const pieces = ['"\\\\\\""', '{"a":["]",{}]}', '[[],"x"]', '1', `"${'y'.repeat(600)}\\"é"`];
  for (let shift = 0; shift < 40; shift++) {
    // The pieces lie across the border after 512 KiB, each time a byte further.
    const filler = `"${'x'.repeat(524_288 - 60 + shift)}"`;
    const texts = [filler, ...pieces, ...pieces];
    const bytes = utf8.encode(`[${texts.join(',')}]`);
    const { outcome, slices } = runSlices(splitBody(bytes, 'json', 1_000));
    expect(slices).toBeGreaterThan(1);
    expect(
      outcome.ok && outcome.value.spans.map(({ start, end }) => decoder.decode(bytes.subarray(start, end))),
    ).toEqual(texts);
  }
});
