import { describe, expect, it } from 'vitest';
import { countOf, timelineOf } from '#contracts/view/timeline.ts';
import type { View } from '#contracts/view/view.ts';
import { T0 } from '#platform/store/testing/store-samples.ts';
import { narrowTo } from './narrow-view.ts';

const MINUTE = 60_000;
const VIEW: View = {
  metric: 'm',
  where: [],
  groupBy: ['d'],
  windows: { kind: 'grid', size: MINUTE, every: MINUTE },
  range: { kind: 'last', windows: 20 },
  compare: null,
  top: null,
};
const narrow = (over: Partial<View>, share: number) => {
  const view = { ...VIEW, ...over };
  return narrowTo(view, timelineOf(view, T0), share);
};

describe('narrowTo', () => {
  it.each<[string, Partial<View>]>([
    ['a duration', {}],
    ['a range between times', { range: { kind: 'between', from: T0 - 20 * MINUTE, to: T0 } }],
    ['overlapping windows', { windows: { kind: 'grid', size: 5 * MINUTE, every: MINUTE } }],
  ])('keeps the newest windows of %s', (_, over) => {
    const whole = timelineOf({ ...VIEW, ...over }, T0);
    const part = timelineOf(narrow(over, 0.25)!, T0);
    expect([part.last, countOf(part)]).toEqual([whole.last, 5]);
    expect(part.windows).toEqual(whole.windows);
  });

  it('keeps one window at least, and no view that would be the same', () => {
    expect(countOf(timelineOf(narrow({}, 1e-9)!, T0))).toBe(1);
    expect(narrow({}, 1)).toBeNull();
  });

  it.each<Partial<View>>([
    { windows: { kind: 'whole' }, range: { kind: 'between', from: 0, to: T0 } },
    { top: { by: 'value', limit: 3 } },
    { compare: { kind: 'previous' } },
  ])('leaves what depends on the whole range: %j', (over) => {
    expect(narrow(over, 0.25)).toBeNull();
  });
});
