import { SESSION_RUNS } from '#aggregates/sessions/session-runs.ts';
import { COUNTER } from '#aggregates/sums/counter.ts';
import { GAUGE } from '#aggregates/sums/gauge.ts';
import type { AggregateCall } from '#contracts/metric/aggregate-call.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import type { SequenceForm, SequencePoint } from '#contracts/metric/sequence.ts';

const HOLD = 90_000;
export const LATENESS = 20_000;
const PANE = 7_000;

/** A form, a call of its aggregate, and what the points of a sequence add at each time by the definition. */
export interface Tried {
  name: string;
  form: SequenceForm;
  call: AggregateCall;
  sorted(points: readonly SequencePoint[]): Map<number, number[]>;
  /** Where `sorted` is by pane: the pane of a time. */
  paneOf?(ts: number): number;
}

export const rules = ({ form, call }: Pick<Tried, 'form' | 'call'>) => ({
  form,
  call,
  hold: form.hold(call),
  pane: PANE,
  lateness: LATENESS,
});

export function add<K>(sums: Map<K, number[]>, key: K, more: readonly number[]): void {
  const own = sums.get(key) ?? more.map(() => 0);
  sums.set(
    key,
    own.map((sum, i) => sum + more[i]!),
  );
}

export const COUNTERS: Tried = {
  name: 'counters',
  form: COUNTER,
  call: { name: 'increase', field: 'n', args: [], spans: [HOLD] },
  sorted(points) {
    const gains = new Map<number, number[]>();
    for (const [i, { ts, value }] of points.entries()) {
      const before = points[i - 1];
      const isFirst = before === undefined || ts - before.ts > HOLD;
      add(gains, ts, [isFirst ? 0 : value >= before.value ? value - before.value : value]);
    }
    return gains;
  },
};

/** What each pane holds of each sample: of the integral, and of the ms. */
const GAUGES: Tried = {
  name: 'gauges',
  form: GAUGE,
  call: { name: 'time_weighted', field: 'n', args: [], spans: [HOLD] },
  paneOf: (ts) => floorTo(ts, PANE),
  sorted(points) {
    const sums = new Map<number, number[]>();
    for (const [i, { ts, value }] of points.entries()) {
      const end = Math.min(ts + HOLD, points[i + 1]?.ts ?? Infinity);
      for (let pane = floorTo(ts, PANE); pane < ts + HOLD; pane += PANE) {
        const ms = Math.max(0, Math.min(end, pane + PANE) - Math.max(ts, pane));
        add(sums, pane, [value * ms, ms]);
      }
    }
    return sums;
  },
};

/** Reaches back: how many points come after one within the hold, and how many there are in all, so that two sums are kept. */
const FOLLOWERS: Tried = {
  name: 'a form that reaches back',
  form: {
    ...COUNTER,
    whole: () => HOLD,
    reach: () => HOLD,
    insert(points, place) {
      const { ts } = points[place]!;
      const before = points.slice(0, place).filter((point) => ts - point.ts <= HOLD);
      const after = points.slice(place + 1).filter((point) => point.ts - ts <= HOLD);
      return [{ ts, value: [after.length, 1] }, ...before.map((point) => ({ ts: point.ts, value: [1, 0] }))];
    },
    touched: (points, place, { ts }) =>
      points.slice(0, place).flatMap((point) => (ts - point.ts <= HOLD ? [point.ts] : [])),
  },
  call: { name: 'any', field: null, args: [], spans: [HOLD] },
  sorted(points) {
    const sums = new Map<number, number[]>();
    for (const [i, { ts }] of points.entries())
      add(sums, ts, [points.slice(i + 1).filter((after) => after.ts - ts <= HOLD).length, 1]);
    return sums;
  },
};

export const sessionsOf = (gap: number, longest: number): Tried => ({
  name: `sessions of ${longest} ms at most`,
  form: SESSION_RUNS,
  call: { name: 'sessions', field: null, args: [], spans: [gap, longest] },
  sorted(points) {
    const sums = new Map<number, number[]>();
    let session: SequencePoint[] = [];
    const close = () => {
      const [start, end, n] = [session[0]?.ts ?? 0, session.at(-1)?.ts ?? 0, session.length];
      if (n > 0) add(sums, start, [1, end - start, n, n === 1 ? 1 : 0]);
      session = [];
    };
    for (const point of points) {
      const last = session.at(-1);
      const isCut = Math.floor(point.ts / longest) > Math.floor((last?.ts ?? point.ts) / longest);
      if (isCut || point.ts - (last?.ts ?? point.ts) > gap) close();
      session.push(point);
      add(sums, point.ts, [0, 0, 0, 0]);
    }
    close();
    return sums;
  },
});

export const FORMS = [
  COUNTERS,
  GAUGES,
  FOLLOWERS,
  sessionsOf(30_000, 86_400_000),
  sessionsOf(50_000, 70_000),
  sessionsOf(3_700_000, 7_200_000),
];
