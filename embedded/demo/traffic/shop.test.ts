import { expect, it } from 'vitest';
import { demandAt, grantedAt, syncLagAt, troubleAt } from './rhythm.ts';
import { createRandom } from './seeded-random.ts';
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
  const names = new Set(
    shopEvents(createRandom(4), FROM, FROM + MINUTE, FROM - 8 * MINUTE).map((e) => e.event),
  );
  expect([...names].toSorted()).toEqual([
    'basket_changed',
    'cards_granted',
    'checkout_answered',
    'order_completed',
    'page_viewed',
    'service_answered',
    'service_error',
    'warehouse_synced',
  ]);
});

it('is slower and fails more after a deploy, four minutes before the start and then now and then', () => {
  const deploy = FROM - 4 * MINUTE;
  const after = shopEvents(createRandom(5), deploy + 10_000, deploy + MINUTE, FROM);
  const calm = shopEvents(createRandom(5), deploy - MINUTE, deploy - 10_000, FROM);
  const count = (events: typeof after): number => events.filter((e) => e.event === 'service_error').length;
  expect(count(after)).toBeGreaterThan(2 * count(calm));
  expect(troubleAt(-5 * MINUTE)).toBe(0);
  expect(troubleAt(30 * MINUTE + 20_000)).toBeGreaterThan(0.9);
});

it('has holes where it says: the warehouse nine minutes before the start, the bank around it', () => {
  const events = shopEvents(createRandom(6), FROM - 15 * MINUTE, FROM + 5 * MINUTE, FROM);
  const gapsOf = (name: string): number[][] => {
    const times = events.filter((e) => e.event === name).map((e) => (e.timestamp - FROM) / 1_000);
    return times.flatMap((t, i) => (i > 0 && t - times[i - 1]! > 5 ? [[times[i - 1]!, t]] : []));
  };
  expect(gapsOf('warehouse_synced')).toEqual([[-545, -410]]);
  expect(gapsOf('cards_granted')).toEqual([[-185, 180]]);
  expect(syncLagAt(12 * MINUTE + 1_000)).toBeNull();
  expect(grantedAt(21 * MINUTE + 1_000)).toBeNull();
});

it('reports on the beat, however the time is cut into stretches', () => {
  const random = createRandom(7);
  const stretches = Array.from({ length: 200 }, (_, i) => [FROM + i * 100, FROM + (i + 1) * 100] as const);
  const events = stretches.flatMap(([from, to]) => shopEvents(random, from, to, FROM - MINUTE));
  const times = events.filter((e) => e.event === 'warehouse_synced').map((e) => e.timestamp - FROM);
  expect(times).toEqual([0, 5_000, 10_000, 15_000]);
});

it('keeps its demand around one', () => {
  const demands = Array.from({ length: 1_000 }, (_, i) => demandAt(FROM + i * 1_000));
  expect(Math.min(...demands)).toBeGreaterThan(0.6);
  expect(Math.max(...demands)).toBeLessThan(1.4);
});
