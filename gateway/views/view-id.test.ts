import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type View, viewText } from '#contracts/view/view.ts';
import { viewId } from './view-id.ts';

const view: fc.Arbitrary<View> = fc.record({
  metric: fc.constantFrom('orders', 'users'),
  where: fc.array(
    fc.record({ path: fc.string(), op: fc.constantFrom('in', 'notIn'), values: fc.array(fc.string()) }),
    { maxLength: 3 },
  ),
  groupBy: fc.subarray(['country', 'plan']),
  windows: fc.constantFrom(1_000, 10_000).map((size) => ({ kind: 'grid' as const, size, every: size })),
  range: fc.oneof(
    fc.integer({ min: 1, max: 1_000 }).map((windows) => ({ kind: 'last' as const, windows })),
    fc.record({
      kind: fc.constant('between' as const),
      from: fc.nat(9),
      to: fc.integer({ min: 10, max: 19 }),
    }),
  ),
  compare: fc.constantFrom(null, { kind: 'previous' as const }),
  top: fc.constantFrom(null, { by: 'value', limit: 3 }),
});

it('gives equal views one id, and different views different ids', () => {
  fc.assert(
    fc.property(fc.array(view, { maxLength: 50 }), (views) => {
      const texts = new Set(views.map(viewText));
      expect(new Set(views.map(viewId)).size).toBe(texts.size);
      expect(views.map((v) => viewId(structuredClone(v)))).toEqual(views.map(viewId));
    }),
  );
});

/** Both lanes of FNV-1a, which ids were once made of, over the text up to where two values differ. */
function lanes(text: string): string {
  let a = 0x811c9dc5;
  let b = 0xcbf29ce4;
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ (text.charCodeAt(i) + i), 0x01000193);
  }
  return `${a >>> 0} ${b >>> 0}`;
}

it('distinguishes views that a multiplying hash of 32 bits does not', () => {
  // Texts with the same first lane are found within seconds, which is why ids are no longer made of lanes.
  const seen = new Map<string, View>();
  const one = (n: number): View => ({
    metric: 'orders',
    where: [{ path: 'country', op: 'in', values: [Math.imul(n, 0x9e3779b1).toString(36)] }],
    groupBy: [],
    windows: { kind: 'grid', size: 1_000, every: 1_000 },
    range: { kind: 'last', windows: 60 },
    compare: null,
    top: null,
  });
  let met: [View, View] | null = null;
  for (let n = 0; met === null && n < 400_000; n++) {
    const lane = lanes(viewText(one(n))).split(' ')[0]!;
    const before = seen.get(lane);
    if (before !== undefined) met = [before, one(n)];
    seen.set(lane, one(n));
  }
  expect(met).not.toBeNull();
  expect(viewId(met![0])).not.toBe(viewId(met![1]));
  expect(viewId(met![0])).toMatch(/^[0-9a-f]{32}$/);
});
