import { ok, type Result, refuse } from '#contracts/errors.ts';
import type { AggregateCall } from '#contracts/metric/aggregate-call.ts';
import { DAY, formatDuration, MINUTE, SECOND } from '#contracts/text/duration.ts';
import type { Aggregate } from '../aggregate.ts';
import { DEFAULT_LONGEST, limitsOf, SESSION_RUNS, type SessionSums } from './session-runs.ts';

/** Sums over sessions, in the order of `SessionSums`. */
interface Sessions {
  sums: number[];
}

/** A gap, and how long a session may be: `sessions(30m)`, `sessions(30m, 4h)`. What else a call could hold is refused by the form of its arguments. */
function check(call: AggregateCall): Result<AggregateCall> {
  const { gap, longest } = limitsOf(call);
  if (longest < MINUTE || longest > DAY) return refuseSpan('is 1m to 1d long at most', longest);
  if (gap < SECOND || gap > longest) {
    const most = formatDuration(longest);
    return refuseSpan(`ends after a gap of 1s to ${most}, which is as long as it may be`, gap);
  }
  return ok({ ...call, spans: longest === DEFAULT_LONGEST ? [gap] : [gap, longest] });
}

const refuseSpan = (rule: string, found: number) =>
  refuse('out_of_range', `aggregate: a session ${rule}, got ${formatDuration(found)}.`, 'aggregate');

/**
 * Visits of each key (`session-runs.ts`), in the pane of their start: how many, their mean length in seconds, their mean number of events,
 * and the share of those with one. All of it from four sums of whole numbers, exact below 2^53; in a part they may be below 0, where a session
 * of another part was joined. State: `nums` of the sums.
 */
export const sessions: Aggregate<Sessions> = {
  name: 'sessions',
  input: 'none',
  empty: 'none',
  adds: 'nothing',
  sequence: SESSION_RUNS,
  check,
  outputs: () => ['sessions', 'duration', 'events', 'bounce'],
  create: () => ({ sums: [0, 0, 0, 0] }),
  add: (state, value) => addSums(state, value as SessionSums),
  merge: (into, { sums }) => addSums(into, sums),
  value({ sums: [count = 0, ms = 0, events = 0, bounced = 0] }) {
    if (count <= 0) return [null, null, null, null];
    return [count, ms / count / 1_000, events / count, bounced / count];
  },
  encode: ({ sums }) => ({ nums: [...sums], keys: [], counts: [] }),
  decode: ({ nums: [count = 0, ms = 0, events = 0, bounced = 0] }) => ({
    sums: [count, ms, events, bounced],
  }),
  sql: {
    state: (input) => ({ nums: `sumForEach(${input})`, keys: '[]', counts: '[]' }),
    merge: { nums: 'sumForEach(nums)', keys: '[]', counts: '[]' },
  },
};

function addSums({ sums }: Sessions, more: readonly number[]): void {
  for (const [i, sum] of more.entries()) sums[i] = sums[i]! + sum;
}
