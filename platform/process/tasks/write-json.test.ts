import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeJson } from './write-json.ts';

/** The text, and the number of steps that it took. */
function run(value: unknown): { text: string; steps: number } {
  const steps = writeJson(value);
  for (let count = 0; ; count++) {
    const step = steps.next();
    if (step.done === true) return { text: step.value, steps: count };
  }
}

describe('JSON that is written in steps', () => {
  it('is that of JSON.stringify', () => {
    const leaf = fc.oneof(fc.string(), fc.double(), fc.integer(), fc.boolean(), fc.constant(null));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ depthSize: 'small' }, leaf, tie('list'), tie('object')),
      list: fc.array(fc.oneof(tie('tree'), fc.constant(undefined)), { maxLength: 6 }),
      object: fc.dictionary(fc.string(), fc.oneof(tie('tree'), fc.constant(undefined))),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        expect(run(value).text).toBe(JSON.stringify(value));
      }),
    );
  });

  it.each([
    ['values', Array.from({ length: 100_000 }, (_, i) => (i % 7 === 0 ? null : i / 3)), 50],
    ['objects', Array.from({ length: 1_000 }, (_, i) => ({ series: i, group: [`g${i}`] })), 1_000],
    ['lists in objects', { a: { values: Array.from({ length: 4_001 }, () => 'é"') } }, 3],
    ['lists of nothing', { a: [], b: {}, c: [undefined, undefined], d: undefined }, 1],
  ])('leaves the loop to others in long lists of %s', (_, value, least) => {
    const { text, steps } = run(value);
    expect(text).toBe(JSON.stringify(value));
    expect(steps).toBeGreaterThanOrEqual(least);
  });
});
