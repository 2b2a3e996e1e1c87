import { expect, it } from 'vitest';
import { createRandom } from './random.ts';
import { demandAt, troubleAt } from './rhythm.ts';
import { shopEvents } from './shop.ts';

const FROM = Date.UTC(2026, 10, 23, 10);
const MINUTE = 60_000;

it('gives the same events for the same seed and others for another', () => {
  const events = shopEvents(createRandom(1), FROM, FROM + 5_000);
  expect(shopEvents(createRandom(1), FROM, FROM + 5_000)).toEqual(events);
  expect(shopEvents(createRandom(2), FROM, FROM + 5_000)).not.toEqual(events);
});

it('gives events in time order within the stretch, with ids of their own', () => {
  const random = createRandom(3);
  const events = [0, 1, 2].flatMap((i) => shopEvents(random, FROM + i * 100, FROM + (i + 1) * 100));
  expect(events.length).toBeGreaterThan(10);
  expect(events.map((e) => e.timestamp)).toEqual(events.map((e) => e.timestamp).toSorted((a, b) => a - b));
  expect(events.every((e) => e.timestamp >= FROM && e.timestamp < FROM + 300)).toBe(true);
  expect(new Set(events.map((e) => e.id)).size).toBe(events.length);
});

it('never issues a refund: that panel shows how a metric begins', () => {
  const names = new Set(shopEvents(createRandom(4), FROM, FROM + MINUTE).map((e) => e.event));
  expect([...names].toSorted()).toEqual([
    'basket_changed',
    'checkout_answered',
    'order_completed',
    'page_viewed',
    'service_error',
  ]);
});

it('is slower and fails more after a deploy', () => {
  const deploy = FROM - (FROM % (12 * MINUTE));
  const after = shopEvents(createRandom(5), deploy + 10_000, deploy + MINUTE);
  const calm = shopEvents(createRandom(5), deploy + 6 * MINUTE, deploy + 6 * MINUTE + 50_000);
  const errors = (events: typeof after): number => events.filter((e) => e.event === 'service_error').length;
  expect(errors(after)).toBeGreaterThan(2 * errors(calm));
  expect(troubleAt(deploy + 6 * MINUTE)).toBe(0);
});

it('keeps its demand around one', () => {
  const demands = Array.from({ length: 1_000 }, (_, i) => demandAt(FROM + i * 1_000));
  expect(Math.min(...demands)).toBeGreaterThan(0.4);
  expect(Math.max(...demands)).toBeLessThan(1.6);
});
