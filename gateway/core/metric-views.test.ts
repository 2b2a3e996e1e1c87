import { expect, it } from 'vitest';
import { compileActive } from '#aggregates/judge/compile-metric.ts';
import { MINUTE, SECOND } from '#contracts/text/duration.ts';
import { createMetricViews, settledPane } from './metric-views.ts';

const NOW = 28_333_334 * MINUTE;

function settledOf(aggregate: string): number {
  const entry = createMetricViews('m', 1);
  entry.definition = compileActive('m', { event: '*', aggregate, window: '1s', lateness: '5s' });
  return settledPane(entry, { lowest: () => NOW });
}

it('keeps the states of panes that an event may still fall into, or reach back to', () => {
  expect(settledOf('count')).toBe(NOW - 5 * SECOND);
  expect(settledOf('sessions(30s, 2m)')).toBe(NOW - 5 * SECOND - 2 * MINUTE);
});
