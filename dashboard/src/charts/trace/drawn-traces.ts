import type { ViewInfo } from '#contracts/view/view.ts';
import type { BuiltTraces } from './build-traces.ts';
import {
  chooseDrawn,
  colorDrawn,
  type Drawn,
  MOST_DRAWN,
  NOTHING_DRAWN,
  rankDrawn,
  separateAlike,
  sumOthers,
} from './choose-drawn.ts';
import type { Palette, Trace, TraceSet } from './trace.ts';

/** What a chart asks of its traces; without it all are there, in the order of their groups. */
export interface ChartTraces {
  palette: Palette;
  /** Whether to stack them; values that do not add are never stacked. */
  stack: boolean;
  /** Groups that are not drawn, and in no sum, as `Trace.group` has them. */
  hidden?: ReadonlySet<string>;
}

/** Which of all traces a panel draws, kept steady from one frame to the next. */
export interface DrawnTraces {
  /** Weighs all traces over the known windows, which costs groups times windows. */
  rank(built: BuiltTraces, data: TraceSet, info: ViewInfo): void;
  /** Ranks after each 16th of the range, or when there is room for one more. Returns whether places changed. */
  rankWhenDue(built: BuiltTraces, data: TraceSet, info: ViewInfo): boolean;
  /** Writes what is drawn into `data`. */
  show(built: BuiltTraces, data: TraceSet, info: ViewInfo): void;
  /** Sums the others of one window again. */
  sum(index: number): void;
}

/** Rankings in a range: so few that 2,000 groups cost little a tick. */
const RANKINGS = 16;

export function createDrawnTraces(chart: ChartTraces | null): DrawnTraces {
  let drawn: Drawn = NOTHING_DRAWN;
  let ranked: string[] = [];
  /** The traces that `ranked` was made of or compared with. */
  let weighed: BuiltTraces | null = null;
  /** The closed window up to which the newest ranking weighed. */
  let rankedAt = 0;

  function rank(built: BuiltTraces, data: TraceSet, info: ViewInfo): void {
    rankedAt = data.closed;
    weighed = built;
    if (chart !== null) ranked = rankDrawn(shownOf(built), ranked, (trace) => weighTrace(data, trace, info));
  }

  const hidden: ReadonlySet<string> = chart?.hidden ?? new Set();
  const shownOf = ({ all }: BuiltTraces): Trace[] =>
    hidden.size === 0 ? all : all.filter((trace) => trace.rest || !hidden.has(trace.group));

  return {
    rank,
    rankWhenDue(built, data, info) {
      if (chart === null) return false;
      const before = ranked.join();
      if (built !== weighed) {
        const keys = new Set(built.all.map((trace) => trace.key));
        ranked = ranked.filter((key) => keys.has(key));
      }
      const room = built !== weighed && ranked.length < MOST_DRAWN && ranked.length < shownOf(built).length;
      const due = built.all.length > 1 && data.closed - rankedAt >= built.capacity / RANKINGS;
      weighed = built;
      if (room || due) rank(built, data, info);
      return ranked.join() !== before;
    },
    show(built, data, info) {
      const before = drawn.traces;
      const { stacked } = data;
      const adds = info.adds !== 'nothing';
      data.stacked = chart?.stack === true && adds;
      const shown = shownOf(built);
      const left = data.ranked === null ? null : data.ranked - (built.all.length - shown.length);
      drawn =
        chart === null
          ? { ...NOTHING_DRAWN, traces: built.all }
          : chooseDrawn(shown, ranked, { adds, stacked: data.stacked, ranked: left }, built.capacity);
      if (chart !== null) colorDrawn(drawn.traces, chart.palette);
      if (data.stacked) drawn = { ...drawn, traces: separateAlike(drawn.traces) };
      for (let i = data.first; i < data.end; i++) sumOthers(drawn, i);
      if (data.stacked) for (const trace of drawn.traces) trace.hangs = weighTrace(data, trace, info) < 0;
      data.traces = drawn.traces;
      data.hidden = drawn.hidden;
      data.dirty = Math.min(data.dirty, data.first);
      if (stacked !== data.stacked || !sameKeys(before, drawn.traces)) data.shape++;
    },
    sum: (index) => sumOthers(drawn, index),
  };
}

const sameKeys = (a: readonly Trace[], b: readonly Trace[]): boolean =>
  a.length === b.length && a.every((trace, i) => trace.key === b[i]!.key);

/** Returns the weight of a trace: its total over the known windows where values add, else its mean. Signed. */
function weighTrace(data: TraceSet, { ring }: Trace, { adds }: Pick<ViewInfo, 'adds'>): number {
  let sum = 0;
  let count = 0;
  for (let i = data.first; i < data.end; i++) {
    const value = ring.get(i);
    if (!Number.isFinite(value)) continue;
    sum += value;
    count++;
  }
  return adds === 'nothing' && count > 0 ? sum / count : sum;
}
