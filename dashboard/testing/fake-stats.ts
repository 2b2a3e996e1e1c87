import type { FakeMetric } from './fake-data.ts';

/** From 0 to 1 within a minute at a quarter past, back at a quarter to, with the wrinkles that a figure has. */
const rise = (s: number): number => {
  const since = (s % 3_600) - 900;
  const level = since < 0 || since > 1_800 ? 0 : Math.min(1, since / 60);
  return level + 0.03 * Math.sin(s / 23) + 0.02 * Math.sin(s / 7);
};

const stat = (at: (second: number) => number, better: FakeMetric['better'], unit = ''): FakeMetric => ({
  unit,
  outputs: ['value'],
  empty: 'none',
  better,
  window: 10_000,
  groups: [[]],
  at: (_, s) => [at(s)],
});

/** Figures that move each way, where that is good, bad or neither. */
export const STATS: Record<string, FakeMetric> = {
  rises_well: stat((s) => 200 + 60 * rise(s), 'higher'),
  rises_badly: stat((s) => 300 + 200 * rise(s), 'lower', 'ms'),
  falls_well: stat((s) => 500 - 200 * rise(s), 'lower', 'ms'),
  falls_badly: stat((s) => 250 - 100 * rise(s), 'higher', '€'),
  rises: stat((s) => 40 + 20 * rise(s), null),
  /** Nothing before the quarter of an hour that ends at a quarter past. */
  begun: stat((s) => (s % 3_600 > 300 && s % 3_600 < 1_800 ? 70 + 9 * rise(s) : Number.NaN), 'higher'),
  share: stat((s) => 2 + 4 * rise(s), 'lower', '%'),
};
