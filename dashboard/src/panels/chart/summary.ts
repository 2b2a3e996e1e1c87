import { closedAt, type PlotState } from '../../charts/draw/plot-state.ts';
import { formatSpan } from '../../format/format-duration.ts';
import { meanOf } from '../feed/stat-of.ts';

/** The traces with a sentence: eight, and the sum of the others. */
const MOST = 9;

/** Returns one sentence for each trace (last, lowest, highest and trend over the visible range) and the state of the data. */
export function summarize(state: PlotState): string {
  const { data } = state;
  const parts = data.traces
    .slice(0, MOST)
    .map((trace) => sentence(state, trace.name, (i) => data.value(trace, i)));
  for (const line of data.earlier.slice(0, MOST)) parts.push(sentence(state, line.name, line.value));
  const left = Math.max(0, state.data.traces.length - MOST) + state.data.hidden;
  if (left > 0) parts.push(`${left} more`);
  const begin = beginOf(state);
  if (begin !== '') parts.unshift(begin);
  return `${spanOf(state)}, ${state.mode}. ${parts.join('. ')}.`;
}

function spanOf({ mode, range, edge, formats }: PlotState): string {
  if (mode !== 'closed') return `last ${formatSpan(range)}`;
  return `${formats.moment(edge - range, Number.NaN)} to ${formats.moment(edge, Number.NaN)}`;
}

/** Says where history begins, where that is within the range. */
const beginOf = ({ data: { begins }, edge, range, formats }: PlotState): string =>
  begins !== null && begins > edge - range && begins < edge
    ? `History begins ${formats.moment(begins, edge)}`
    : '';

function sentence(state: PlotState, name: string, read: (index: number) => number): string {
  const to = closedAt(state);
  const from = Math.max(state.data.first, state.data.times.indexAt(state.edge - state.range));
  const values: number[] = [];
  for (let i = from; i < to; i++) {
    const value = read(i);
    if (!Number.isNaN(value)) values.push(value);
  }
  if (values.length === 0) return `${name} no values`;
  const { format } = state;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `${name} last ${format(values.at(-1)!)}, lowest ${format(low)}, highest ${format(high)}, ${trendOf(values)}`;
}

/** Compares the mean of the last third with that of the first; a tenth of the mean is steady. */
export function trendOf(values: readonly number[]): 'rising' | 'falling' | 'steady' {
  const third = Math.max(1, Math.floor(values.length / 3));
  const [first, last] = [meanOf(values.slice(0, third)), meanOf(values.slice(-third))];
  if (Math.abs(last - first) <= 0.1 * Math.max(Math.abs(first), Math.abs(last))) return 'steady';
  return last > first ? 'rising' : 'falling';
}
