/** The definitions of the simulated world: small panes, short grace, so that every boundary is met often. */
export interface SimMetric {
  id: string;
  version: number;
  pane: number;
  lateness: number;
  grouped: boolean;
  /** Groups whose events count; null counts all. */
  only: readonly string[] | null;
  definition: Record<string, unknown>;
}

type Fold = Pick<SimMetric, 'id' | 'version' | 'grouped' | 'only'> & { seconds: number };

const define = ({ seconds, ...fold }: Fold): SimMetric => ({
  ...fold,
  pane: 2_000,
  lateness: seconds * 1_000,
  definition: {
    event: 'e',
    aggregate: 'sum(n)',
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
