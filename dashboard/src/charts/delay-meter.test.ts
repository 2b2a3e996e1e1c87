import { expect, it } from 'vitest';
import { createDelayMeter } from './delay-meter.ts';

it('knows percentiles of the newest delays only, by nearest rank', () => {
  const meter = createDelayMeter(100);
  expect(meter.percentile(0.5)).toBeNull();
  for (let i = 0; i < 50; i++) meter.add(100_000);
  for (let i = 1; i <= 100; i++) meter.add(i);
  expect([meter.percentile(0.5), meter.percentile(0.99), meter.percentile(1)]).toEqual([50, 99, 100]);
  expect(meter.count).toBe(100);
});

it('counts every held delay in one bucket of the histogram', () => {
  const meter = createDelayMeter(8);
  for (const ms of [-5, 0, 10, 16, 30, 200, 5_000, 1e9]) meter.add(ms);
  const counts = meter.histogram();
  expect(counts.reduce((a, b) => a + b)).toBe(8);
  expect(counts[0]).toBe(4);
  expect(counts.at(-1)).toBe(2);
});
