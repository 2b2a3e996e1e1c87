import type { Aggregate } from '#aggregates/aggregate.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import type { State } from '#contracts/metric/state.ts';

/** `reduced`: the Store has left of a state what its values need. `elapsed`: ms of the window that have passed, for rates. */
interface RowForm {
  form: 'state' | 'reduced';
  elapsed: number;
}

/** What is shown of a cell: a value for each output, and the texts that the first ones belong to, where they do. */
export interface CellValues {
  values: (number | null)[];
  names?: readonly string[];
}

/** What values are computed by. */
export interface ValueRule {
  aggregate: Aggregate;
  metric: Metric;
}

/** Returns the values of a window that the Store has merged. */
export function valueOfRow(rule: ValueRule, state: State, { form, elapsed }: RowForm): CellValues {
  const { aggregate } = rule;
  if (form === 'reduced' && aggregate.reduced !== undefined) return valueOfReduced(rule, state, elapsed);
  return valueOfState(rule, aggregate.decode(state), elapsed);
}

/** Returns the values of a live state. */
export function valueOfState(rule: ValueRule, state: unknown, elapsed: number): CellValues {
  const { aggregate, metric } = rule;
  if (aggregate.reduced?.names === undefined)
    return { values: aggregate.value(state, metric.aggregate, elapsed) };
  // Values and names in one go.
  return valueOfReduced(rule, aggregate.reduced.of(state, metric.aggregate), elapsed);
}

function valueOfReduced({ aggregate, metric }: ValueRule, state: State, elapsed: number): CellValues {
  const reduced = aggregate.reduced!;
  const values = reduced.value(state, metric.aggregate, elapsed);
  return reduced.names === undefined ? { values } : { values, names: reduced.names.of(state) };
}
