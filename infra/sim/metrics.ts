/** The definitions of the simulated world: small panes, short grace, so that every boundary is met often. */
export interface SimMetric {
  id: string;
  version: number;
  pane: number;
  lateness: number;
  grouped: boolean;
  definition: Record<string, unknown>;
}

const define = (id: string, version: number, lateness: number, grouped: boolean): SimMetric => ({
  id,
  version,
  pane: 2_000,
  lateness: lateness * 1_000,
  grouped,
  definition: {
    event: 'e',
    aggregate: 'sum(n)',
    window: '2s',
    pane: '2s',
    lateness: `${lateness}s`,
    ...(grouped ? { groupBy: 'g' } : {}),
  },
});

/** There from the beginning. */
export const FIRST = define('m0', 1, 2, true);
/** Defined while data flows, and back-filled. */
export const LATER = define('m1', 7, 4, false);
export const HORIZON = 4_000;
export const SETTINGS = { horizon: HORIZON, groups: 2, ids: 3 };
