/** The definitions of the simulated world: small panes, short grace, so that every boundary is met often. */
export interface SimMetric {
  id: string;
  version: number;
  pane: number;
  lateness: number;
  grouped: boolean;
  /** Groups whose events count; null counts all. */
  only: readonly string[] | null;
  /** ms that a sample of a counter is remembered; null where values are added. */
  hold: number | null;
  definition: Record<string, unknown>;
}

type Fold = Pick<SimMetric, 'id' | 'version' | 'grouped' | 'only'> & { seconds: number; hold?: number };

const define = ({ seconds, hold, ...fold }: Fold): SimMetric => ({
  ...fold,
  hold: hold === undefined ? null : hold * 1_000,
  pane: 2_000,
  lateness: seconds * 1_000,
  definition: {
    event: 'e',
    aggregate: hold === undefined ? 'sum(n)' : `increase(n, ${hold}s)`,
    window: '2s',
    pane: '2s',
    lateness: `${seconds}s`,
    ...(fold.grouped ? { groupBy: 'g' } : {}),
    ...(fold.only === null ? {} : { where: { g: fold.only } }),
  },
});

/** There from the beginning. */
export const FIRST = define({ id: 'm0', version: 1, seconds: 2, grouped: true, only: null });
/** Defined while data flows, and back-filled. */
export const LATER = define({ id: 'm1', version: 7, seconds: 4, grouped: false, only: null });
/** Which metrics a world has: one from the beginning, one that is defined later. */
export interface SimMetrics {
  first: SimMetric;
  later: SimMetric;
}
export const SUMS: SimMetrics = { first: FIRST, later: LATER };
/** The same of counters, the samples of which are remembered for about as long as an event may be late. */
export const COUNTERS: SimMetrics = {
  first: define({ id: 'c0', version: 1, seconds: 2, grouped: true, only: null, hold: 5 }),
  later: define({ id: 'c1', version: 7, seconds: 4, grouped: false, only: null, hold: 3 }),
};
/** Returns the metric that is not changed and has this id. */
export const fixedMetric = (id: string): SimMetric | undefined =>
  [SUMS, COUNTERS].flatMap(({ first, later }) => [first, later]).find((metric) => metric.id === id);

/** Changed, deleted and re-created through the definitions topic; its versions are offsets in that topic. */
export const CHANGING = 'm2';
const FOLDS = [
  { seconds: 4, only: null },
  { seconds: 2, only: ['x', 'z'] },
  { seconds: 4, only: ['y'] },
];
export const BODIES = FOLDS.length;

/** The changing metric with one of its bodies. */
export const changing = (body: number, version: number): SimMetric =>
  define({ id: CHANGING, version, grouped: false, ...FOLDS[body]! });

/** The same from the definition that a log or a catalog holds. */
export function readChanging(version: number, definition: Record<string, unknown>): SimMetric {
  const text = JSON.stringify(definition);
  const body = FOLDS.findIndex((_, i) => JSON.stringify(changing(i, version).definition) === text);
  return changing(body, version);
}

export const HORIZON = 4_000;
export const SETTINGS = { horizon: HORIZON, groups: 2, ids: 3 };
