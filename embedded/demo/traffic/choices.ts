/** What may be in the shop's events, by weight. */
type Weighted = readonly (readonly [string, number])[];

export const COUNTRIES: Weighted = [
  ['DE', 33],
  ['NL', 16],
  ['FR', 14],
  ['AT', 9],
  ['SE', 7],
  ['PL', 6],
  ['BE', 4],
  ['CH', 3],
  ['IT', 3],
  ['DK', 2],
  ['ES', 2],
  ['CZ', 1],
];
export const CHANNELS: Weighted = [
  ['web', 49],
  ['ios', 28],
  ['android', 17],
  ['partner', 6],
];
export const PAGES: Weighted = [
  ['/', 30],
  ['/winter', 19],
  ['/p/rain-jacket', 14],
  ['/basket', 10],
  ['/search', 7],
  ['/p/wool-socks', 5],
  ['/account/orders', 4],
  ['/p/trail-shoes', 3],
  ['/stores', 2],
  ['/p/head-lamp', 2],
  ['/returns', 1],
  ['/newsletter', 1],
];
/** How often each is asked, and how long it usually takes, ms. */
export const SERVICES: readonly (readonly [{ name: string; usual: number }, number])[] = [
  [{ name: 'catalog', usual: 34 }, 5],
  [{ name: 'search', usual: 61 }, 3],
  [{ name: 'payments', usual: 148 }, 2],
  [{ name: 'media', usual: 22 }, 2],
];
export const FAILING: Weighted = [
  ['checkout', 4],
  ['payments', 3],
  ['search', 2],
  ['catalog', 1],
];
/** A deploy shows in these two. */
export const TROUBLED: Weighted = [
  ['checkout', 4],
  ['payments', 2],
];
export const REASONS: Weighted = [
  ['timeout', 5],
  ['declined', 3],
  ['bad_gateway', 2],
];
