import type { State } from '#contracts/metric/state.ts';
import type { ValueSource } from './window-values.ts';

/** `reduced`: the Store has left of a state what its values need. `elapsed`: ms of the window that have passed, for rates. */
interface RowForm {
  form: 'state' | 'reduced';
  elapsed: number;
}

/** Returns the values of a window that the Store has merged. */
export function valueOfRow(
  { aggregate, metric }: Pick<ValueSource, 'aggregate' | 'metric'>,
  state: State,
  { form, elapsed }: RowForm,
): (number | null)[] {
  const { reduced } = aggregate;
  if (form === 'reduced' && reduced !== undefined) return reduced.value(state, metric.aggregate, elapsed);
  return aggregate.value(aggregate.decode(state), metric.aggregate, elapsed);
}
