import { CHANNELS, COUNTRIES, FAILING, PAGES, REASONS, SERVICES, TROUBLED } from './choices.ts';
import { demandAt, grantedAt, syncLagAt, troubleAt } from './rhythm.ts';
import { normal, pick, type Random } from './seeded-random.ts';

type Properties = Record<string, string | number>;

/** What people do in the shop. Times are ms after the demo's start, negative before. */
export interface Happening {
  event: string;
  /** How often a second. */
  rate: (time: number) => number;
  make: (random: Random, time: number) => Properties;
}

/** What machines report on the beat; null while one is silent. */
export interface Report {
  event: string;
  key: string;
  make: (random: Random, time: number) => Properties | null;
}

export const HAPPENINGS: readonly Happening[] = [
  {
    event: 'page_viewed',
    rate: (t) => 24 * demandAt(t),
    make: (r) => ({ page: pick(r, PAGES), country: pick(r, COUNTRIES), channel: pick(r, CHANNELS) }),
  },
  {
    event: 'basket_changed',
    rate: (t) => 6 * demandAt(t),
    make: (r) => ({ items: 1 + Math.floor(r() * 4), channel: pick(r, CHANNELS) }),
  },
  {
    event: 'checkout_answered',
    rate: (t) => 8 * demandAt(t),
    make: (r, t) => ({
      duration_ms: round(92 * spread(r, 0.42) * (1 + 2.4 * troubleAt(t) * r()), 1),
      service: 'checkout',
      country: pick(r, COUNTRIES),
    }),
  },
  {
    event: 'service_answered',
    rate: (t) => 7 * demandAt(t),
    make: (r, t) => {
      const { name, usual } = pick(r, SERVICES);
      const slower = name === 'payments' ? 1 + 0.8 * troubleAt(t) * r() : 1;
      return { duration_ms: round(usual * spread(r, 0.5) * slower, 1), service: name };
    },
  },
  {
    event: 'order_completed',
    rate: (t) => 4 * demandAt(t) * (1 - 0.4 * troubleAt(t)),
    make: (r) => ({
      amount: round(18 + 52 * spread(r, 0.6), 2),
      country: pick(r, COUNTRIES),
      channel: pick(r, CHANNELS),
    }),
  },
  {
    event: 'service_error',
    rate: (t) => 1.2 * demandAt(t),
    make: (r) => ({ service: pick(r, FAILING), reason: pick(r, REASONS) }),
  },
  {
    event: 'service_error',
    rate: (t) => 5 * troubleAt(t),
    make: (r) => ({ service: pick(r, TROUBLED), reason: pick(r, REASONS) }),
  },
];

export const REPORTS: readonly Report[] = [
  {
    event: 'warehouse_synced',
    key: 'berlin-2',
    make(r, t) {
      const lag = syncLagAt(t);
      return lag === null ? null : { warehouse: 'berlin-2', lag_s: round(lag + 0.25 * normal(r), 2) };
    },
  },
  {
    event: 'cards_granted',
    key: 'northbank',
    make(r, t) {
      const granted = grantedAt(t);
      return granted === null
        ? null
        : { bank: 'northbank', granted_pct: round(Math.min(100, granted + 0.2 * normal(r)), 2) };
    },
  },
];

/** Around 1, and skewed as durations and amounts are. */
const spread = (random: Random, width: number): number => Math.exp(width * normal(random));
const round = (value: number, digits: number): number => Number(value.toFixed(digits));
