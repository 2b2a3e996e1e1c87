import { MillraceError, type Result, refuse, shown } from '#contracts/errors.ts';
import type { AggregateCall } from '#contracts/metric/aggregate-call.ts';
import { nearestNames } from '#contracts/text/nearest-names.ts';
import type { Aggregate, AggregateFamily } from './aggregate.ts';
import { count } from './counts/count.ts';
import { rate } from './counts/rate.ts';
import { ratio } from './counts/ratio.ts';
import { share } from './counts/share.ts';
import { first } from './extremes/first.ts';
import { last } from './extremes/last.ts';
import { max } from './extremes/max.ts';
import { min } from './extremes/min.ts';
import { topk } from './frequent/top-values.ts';
import { funnel } from './funnels/funnel.ts';
import { distinct } from './keys/distinct.ts';
import { retention } from './keys/key-retention.ts';
import { histogram } from './quantiles/histogram.ts';
import { median } from './quantiles/median.ts';
import { percentileRank } from './quantiles/percentile-rank.ts';
import { quantiles } from './quantiles/quantiles.ts';
import { sessions } from './sessions/key-sessions.ts';
import { avg } from './sums/avg.ts';
import { counterRate } from './sums/counter-rate.ts';
import { increase } from './sums/increase.ts';
import { stddev } from './sums/stddev.ts';
import { sum } from './sums/sum.ts';
import { timeWeighted } from './sums/time-weighted.ts';
import { variance } from './sums/variance.ts';

const alone = (aggregate: Aggregate): AggregateFamily => ({
  name: aggregate.name,
  check: aggregate.check,
  of: () => aggregate,
});

/** Every aggregate by name. A new one is a file and a line here; laws, engine = SQL and benchmarks walk this table. */
export const AGGREGATES: ReadonlyMap<string, AggregateFamily> = new Map(
  [
    alone(count),
    alone(rate),
    alone(sum),
    alone(avg),
    alone(variance),
    alone(stddev),
    alone(min),
    alone(max),
    alone(first),
    alone(last),
    alone(quantiles),
    alone(median),
    alone(percentileRank),
    alone(distinct),
    alone(topk),
    alone(share),
    alone(ratio),
    alone(increase),
    alone(counterRate),
    alone(sessions),
    alone(timeWeighted),
    alone(funnel),
    histogram,
    retention,
  ].map((family) => [family.name, family]),
);

/** The call in canonical form; refuses an unknown name with the nearest ones, and a field or arguments that do not fit. */
export function checkAggregate(call: AggregateCall): Result<AggregateCall> {
  const family = AGGREGATES.get(call.name);
  if (family !== undefined) return family.check(call);
  const known = [...AGGREGATES.keys()];
  const near = nearestNames(call.name, known);
  const hint = near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : '';
  return refuse(
    'unknown_aggregate',
    `aggregate: there is no ${shown(call.name)}.${hint} There are ${known.join(', ')}.`,
    'aggregate',
  );
}

/** The aggregate of a call that `checkAggregate` has passed. Throws `unknown_aggregate` for another. */
export function aggregateOf(call: AggregateCall): Aggregate {
  const family = AGGREGATES.get(call.name);
  if (family !== undefined) return family.of(call);
  throw new MillraceError({
    code: 'unknown_aggregate',
    field: 'aggregate',
    message: `aggregate: there is no ${shown(call.name)}.`,
  });
}
