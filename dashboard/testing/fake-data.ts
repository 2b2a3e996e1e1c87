/** Mulberry32 (Tommy Ettinger): a seeded generator of numbers in [0, 1). */
export function createRandom(seed: number): () => number {
  let a = seed | 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface FakeMetric {
  unit: string;
  outputs: string[];
  empty: 'zero' | 'none';
  /** Default: over windows where an empty window is zero. */
  adds?: 'windows' | 'groups' | 'nothing';
  better: 'higher' | 'lower' | null;
  window: number;
  groups: string[][];
  groupBy?: string[];
  /** From where on history is known at a time, epoch ms; null for nothing yet. Default: always. */
  begins?(now: number): number | null;
  /** One value an output, for a group and a second of time. */
  at(group: number, second: number): number[];
}

const wave = (s: number, a: number, b: number): number => 1 + 0.07 * Math.sin(s / a) + 0.04 * Math.sin(s / b);
const noise = (s: number, seed: number): number => createRandom(s * 31 + seed)() - 0.5;
/** A fault that comes and goes, so that lines have something to tell. */
const fault = (s: number): number => 1 / (1 + Math.exp(-((s % 1_800) - 900) / 30));

const count = (base: number, seed: number, groups: string[][] = [[]]): FakeMetric => ({
  unit: '',
  outputs: ['count'],
  empty: 'zero',
  better: 'higher',
  window: 10_000,
  groups,
  at: (g, s) => [
    Math.max(
      0,
      Math.round(base * wave(s, 140 + g * 9, 47) * (1 + 0.35 * noise(s, seed + g)) * (1 - 0.1 * fault(s))),
    ),
  ],
});

const numbered = (n: number): string[][] => Array.from({ length: n }, (_, i) => [`/page/${i}`]);

const SERVICES = ['checkout-api', 'payments', 'search', 'catalog'];

export const METRICS: Record<string, FakeMetric> = {
  orders: count(35, 1),
  revenue: { ...count(2_610, 2), unit: '€', outputs: ['sum'] },
  active_users: { ...count(312, 3), outputs: ['distinct'] },
  order_value: {
    ...count(72, 4),
    unit: '€',
    outputs: ['avg'],
    empty: 'none',
    at: (_, s) => [72.9 * wave(s, 200, 60) * (1 + 0.06 * noise(s, 9))],
  },
  errors_all: {
    ...count(9, 5),
    better: 'lower',
    at: (_, s) => [Math.round((5 + 14 * fault(s)) * (1 + 0.5 * noise(s, 3)))],
  },
  errors: {
    ...count(
      4,
      6,
      SERVICES.map((s) => [s]),
    ),
    better: 'lower',
    at: (g, s) => [
      Math.max(0, Math.round([3 + 9 * fault(s), 2 + 4 * fault(s), 2, 1][g]! * (1 + 0.7 * noise(s, g * 7)))),
    ],
  },
  checkout_latency: {
    ...count(1, 7),
    unit: 'ms',
    outputs: ['p50', 'p95', 'p99'],
    empty: 'none',
    better: 'lower',
    at: (_, s) => [
      88 * wave(s, 140, 41) * (1 + 0.1 * noise(s, 1)) * (1 + 0.12 * fault(s)),
      204 * wave(s, 120, 44) * (1 + 0.13 * noise(s, 2)) * (1 + 0.42 * fault(s)),
      292 * wave(s, 160, 47) * (1 + 0.18 * noise(s, 3)) * (1 + 0.6 * fault(s)),
    ],
  },
  visits: {
    ...count(1, 10, numbered(153)),
    groupBy: ['page'],
    at: (g, s) => [(900 / (g + 3)) * wave(s + 40 * g, 140, 47)],
  },
  visit_time: {
    ...count(1, 11, numbered(40)),
    ...{ unit: 'ms', outputs: ['p50'], empty: 'none', groupBy: ['page'] },
    at: (g, s) => [(400 / (g + 1)) * wave(s + 40 * g, 140, 47)],
  },
  refunds: { ...count(0, 8, []), window: 60_000, begins: () => null },
};

export const EVENTS: readonly (readonly [string, string])[] = [
  ['order_completed', 'order #88213  amount €129.00  channel ios  country DE'],
  ['checkout_answered', 'duration_ms 184  service checkout-api  country NL'],
  ['page_viewed', 'page /sale/winter-boots  country DE'],
  ['basket_changed', 'items 3  amount €84.50  country AT'],
  ['service_error', 'service payments  code do_not_honor  country FR'],
  ['page_viewed', 'page /p/trail-runner-2  country SE'],
];

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
  begun: {
    ...stat((s) => (s % 3_600 > 300 && s % 3_600 < 1_800 ? 70 + 9 * rise(s) : Number.NaN), 'higher'),
    begins: (now) => Math.floor((now - 300_000) / 3_600_000) * 3_600_000 + 300_000,
  },
  share: stat((s) => 2 + 4 * rise(s), 'lower', '%'),
};
