/** The events of the history: visits of 100 groups, each with a duration. */
export const VISIT = 'visit';
export const GROUPS = 100;

/** ms between 5 and 270, most of them short, with one digit behind the point; of a number below 1,000. */
const durationOf = (n: number): number => Math.round(50 * Math.exp(n / 250)) / 10;
const DURATION_SQL = 'round(50 * exp((cityHash64(number, 1) % 1000) / 250)) / 10';

/** The i-th visit, as an app sends it. */
export const visit = (i: number, timestamp?: number): object => ({
  event: VISIT,
  key: `u${i % 5_000}`,
  ...(timestamp === undefined ? {} : { timestamp }),
  properties: { group: `g${(i * 31) % GROUPS}`, ms: durationOf((i * 7_919) % 1_000) },
});

/** The properties of one visit as the archive keeps them, a flat object of tagged texts; of a column `number`. */
export const PROPERTIES_SQL = `concat('{"group":"sg', toString(cityHash64(number, 2) % ${GROUPS}), '","ms":"n', toString(${DURATION_SQL}), '"}')`;

/** Definitions of the metrics over the visits, by their number of groups. They keep more than the longest history. */
export const metricsOf = (aggregate: string): Record<string, object> => {
  const metric = { event: VISIT, aggregate, window: '1m', retention: '400d' };
  return { [metricOf(1)]: metric, [metricOf(GROUPS)]: { ...metric, groupBy: ['group'] } };
};

export const metricOf = (groups: number): string => `visits-${groups}`;
