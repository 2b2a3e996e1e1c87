import { type Catalog, foldsOf } from '#contracts/log/definition-record.ts';
import { isBuiltIn } from '#contracts/metric/built-in.ts';
import { METRIC } from '#contracts/metric/metric.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import { durationOf } from '#contracts/text/duration.ts';

/** How late an event of a name may be and still count for one of the metrics that count this name, ms. */
export type LatenessOf = (event: string) => number;

const DEFAULT = durationOf(METRIC.properties.lateness.default);

/** Works it out from all definitions of people that are folded; for a name that no metric counts it is a metric's default. */
export function readLateness({ metrics }: Pick<Catalog, 'metrics'>): LatenessOf {
  const named = new Map<string, number>();
  let any: number | null = null;
  const own = [...metrics.values()].filter(({ id }) => !isBuiltIn(id));
  for (const { body } of own.flatMap(foldsOf)) {
    // What no fold can read counts nothing.
    const read = readAs(METRIC, body, { code: 'invalid_definition' });
    if (!read.ok) continue;
    const { event, lateness = METRIC.properties.lateness.default } = read.value;
    const most = durationOf(lateness);
    if (event === '*') any = Math.max(any ?? 0, most);
    else for (const name of [event].flat()) named.set(name, Math.max(named.get(name) ?? 0, most));
  }
  return (event) => {
    const some = named.get(event);
    return some === undefined ? (any ?? DEFAULT) : Math.max(some, any ?? 0);
  };
}
