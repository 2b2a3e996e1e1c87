import { DEMO_ID } from './names.ts';
import { normal, pick, poisson, type Random } from './random.ts';
import { demandAt, troubleAt } from './rhythm.ts';

export interface DemoEvent {
  event: string;
  id: string;
  timestamp: number;
  key: string;
  properties: Record<string, string | number>;
}

const COUNTRIES = [
  ['DE', 33],
  ['NL', 16],
  ['FR', 14],
  ['AT', 9],
  ['SE', 7],
  ['PL', 6],
  ['BE', 4],
] as const;
const CHANNELS = [
  ['web', 55],
  ['ios', 27],
  ['android', 18],
] as const;
const PAGES = [
  ['/', 30],
  ['/winter', 19],
  ['/p/rain-jacket', 14],
  ['/p/wool-socks', 10],
  ['/search', 8],
  ['/basket', 7],
  ['/account', 4],
] as const;
const SERVICES = [
  ['checkout', 4],
  ['payments', 3],
  ['search', 2],
  ['catalog', 1],
] as const;
/** A deploy shows in these two. */
const TROUBLED = [
  ['checkout', 4],
  ['payments', 2],
] as const;
const CODES = [
  ['timeout', 5],
  ['declined', 3],
  ['bad_gateway', 2],
] as const;
const USERS = 4_000;

type Maker = (random: Random, time: number) => Record<string, string | number>;

/** What happens in the shop: how often a second at ordinary demand, and what such an event holds. */
const TRAFFIC: { event: string; rate: (time: number) => number; make: Maker }[] = [
  {
    event: 'page_viewed',
    rate: (t) => 52 * demandAt(t),
    make: (r) => ({ page: pick(r, PAGES), country: pick(r, COUNTRIES), channel: pick(r, CHANNELS) }),
  },
  {
    event: 'basket_changed',
    rate: (t) => 16 * demandAt(t),
    make: (r) => ({ items: 1 + Math.floor(r() * 4), channel: pick(r, CHANNELS) }),
  },
  {
    event: 'checkout_answered',
    rate: (t) => 12 * demandAt(t),
    make: (r, t) => ({
      duration_ms: round(92 * Math.exp(0.42 * normal(r)) * (1 + 2.4 * troubleAt(t) * r()), 1),
      country: pick(r, COUNTRIES),
    }),
  },
  {
    event: 'order_completed',
    rate: (t) => 5 * demandAt(t) * (1 - 0.4 * troubleAt(t)),
    make: (r) => ({
      amount: round(18 + 52 * Math.exp(0.6 * normal(r)), 2),
      country: pick(r, COUNTRIES),
      channel: pick(r, CHANNELS),
    }),
  },
  {
    event: 'service_error',
    rate: (t) => 1.4 * demandAt(t),
    make: (r) => ({ service: pick(r, SERVICES), reason: pick(r, CODES) }),
  },
  {
    event: 'service_error',
    rate: (t) => 7 * troubleAt(t),
    make: (r) => ({ service: pick(r, TROUBLED), reason: pick(r, CODES) }),
  },
];

/** Longest stretch over which the rates count as constant, ms. */
const STEP = 250;

/** Events of the shop in [from, to), in time order. Ids are unique as long as stretches do not overlap. */
export function shopEvents(random: Random, from: number, to: number): DemoEvent[] {
  const events: DemoEvent[] = [];
  for (let start = from; start < to; start += STEP) {
    const length = Math.min(STEP, to - start);
    for (const { event, rate, make } of TRAFFIC) {
      for (let n = poisson(random, (rate(start) * length) / 1_000); n > 0; n--) {
        const timestamp = start + Math.floor(random() * length);
        // Squared, so that some people are about much more than others.
        const user = `u_${Math.floor(USERS * random() ** 2)}`;
        events.push({
          event,
          id: '',
          timestamp,
          key: user,
          properties: { user, ...make(random, timestamp) },
        });
      }
    }
  }
  events.sort((a, b) => a.timestamp - b.timestamp);
  for (const [i, event] of events.entries()) event.id = `${DEMO_ID}${from.toString(36)}-${i.toString(36)}`;
  return events;
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));
