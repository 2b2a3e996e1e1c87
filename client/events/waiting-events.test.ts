import fc from 'fast-check';
import { expect, it } from 'vitest';
import { beaconBodies } from './send-batch.ts';
import { WaitingEvents } from './waiting-events.ts';

type Step = ['add', number] | ['take'] | ['put back'] | ['settle'];

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(fc.constant('add' as const), fc.integer({ min: 1, max: 30 })),
  fc.constantFrom<Step>(['take'], ['put back'], ['settle']),
);

it('is bounded, keeps the order, and never drops what is on its way', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const waiting = new WaitingEvents({ events: 10, chars: 100 });
      const outcomes: string[] = [];
      let [added, taken] = [0, [] as readonly { text: string }[]];
      for (const [name, size] of steps) {
        if (name === 'add') {
          const index = added++;
          const set = (outcome: string) => () => {
            outcomes[index] ??= outcome;
          };
          const text = String(index).padEnd(size!, '.');
          waiting.add({ text, resolve: set('sent'), reject: set('dropped') });
        } else if (name === 'take') taken = waiting.nextBatch({ events: 4, chars: 50 });
        else {
          if (name === 'put back') waiting.putBack();
          else waiting.complete(taken.length, null);
          taken = [];
        }
        const texts = waiting.all.map((e) => e.text);
        expect(texts.slice(0, taken.length)).toEqual(taken.map((e) => e.text));
        expect(texts.map(Number.parseFloat)).toEqual(texts.map(Number.parseFloat).toSorted((a, b) => a - b));
        expect(texts.length).toBeLessThanOrEqual(10);
        expect(texts.join('').length).toBeLessThanOrEqual(100);
        expect(outcomes.filter((o) => o === 'dropped')).toHaveLength(waiting.dropped);
        expect(Object.keys(outcomes).length + waiting.count).toBe(added);
      }
    }),
  );
});

it('makes beacons of at most 60 KB, which hold every event once and in order', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 50 });
  const event = fc
    .tuple(text, fc.integer({ min: 1, max: 300 }))
    .map(([t, n]) => JSON.stringify({ t: t.repeat(n) }));
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const bodies = beaconBodies(events);
      for (const body of bodies) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(60_000);
      const small = events.filter((e) => Buffer.byteLength(e) < 59_998);
      expect(bodies.flatMap((body) => JSON.parse(body) as unknown[])).toEqual(
        small.map((e) => JSON.parse(e)),
      );
    }),
    { numRuns: 50 },
  );
});
