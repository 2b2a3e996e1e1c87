import { MISSING, OTHER } from '#contracts/metric/dimension.ts';
import type { ViewContents } from '#contracts/view/frame.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import { createRing, type Ring } from './ring.ts';
import type { Trace } from './trace.ts';

/** Windows kept beyond the range, so that a line may enter from the left. */
const SPARE = 4;

/** All traces of a view, drawn or not. */
export interface BuiltTraces {
  /** In the order of their groups, and of the outputs within. */
  all: Trace[];
  /** Windows that each ring holds. */
  capacity: number;
  /** Of a series, one entry an output; undefined for outputs that the panel does not show. */
  bySeries: Map<number, (Trace | undefined)[]>;
}

export const NO_TRACES: BuiltTraces = { all: [], capacity: 0, bySeries: new Map() };

export const capacityOf = (
  { range, window, every = window }: ViewInfo,
  { bounds }: Pick<ViewContents, 'bounds'>,
): number => Math.max(1, bounds.length, Math.ceil(range / every)) + SPARE;

/** One trace for each series and output; those of `before` keep their values. `outputs` empty means all. */
export function buildTraces(
  info: ViewInfo,
  contents: ViewContents,
  outputs: readonly string[],
  before: BuiltTraces,
): BuiltTraces {
  const capacity = capacityOf(info, contents);
  const rings = new Map<string, Ring>(
    before.capacity === capacity ? before.all.map((trace) => [trace.key, trace.ring]) : [],
  );
  const wanted = info.outputs.map((name) => outputs.length === 0 || outputs.includes(name));
  const shown = wanted.filter(Boolean).length;
  const members = [...contents.series].map(([series, { group, rest = false }]) => ({
    series,
    group,
    rest,
    text: group.join('\0'),
  }));
  members.sort((a, b) => compare(a.text, b.text));
  const built: BuiltTraces = { all: [], capacity, bySeries: new Map() };
  for (const { series, group, rest, text } of members) {
    const traces = info.outputs.map((output, i): Trace | undefined => {
      if (!wanted[i]) return undefined;
      const key = JSON.stringify([info.metric, group, output]);
      const ring = rings.get(key) ?? createRing(capacity);
      return {
        key,
        colorKey: colorKeyOf(info, group, output),
        name: rest ? 'others' : nameOf(group, output, shown),
        group: text,
        rest: rest || isOther(group),
        slot: null,
        ring,
      };
    });
    built.bySeries.set(series, traces);
    for (const trace of traces) if (trace !== undefined) built.all.push(trace);
  }
  return built;
}

/** Whether a group is what came beyond the cap of groups. */
const isOther = (group: readonly string[]): boolean =>
  group.length > 0 && group.every((value) => value === OTHER);

/**
 * A group is one series in every metric that gives one value a group: `channel = web` has one colour in revenue and in
 * orders. Where a group has several values, or there is none, the metric and the value tell series apart.
 */
function colorKeyOf(info: ViewInfo, group: readonly string[], output: string): string {
  if (group.length === 0) return JSON.stringify([info.metric, output]);
  const values = group.map((value, i) => [info.groupBy[i], value]);
  return JSON.stringify(info.outputs.length === 1 ? values : [values, info.metric, output]);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** No object: `constructor` is a possible value. */
const LABELS: ReadonlyMap<string, string> = new Map([
  [MISSING, 'missing'],
  [OTHER, 'other'],
  ['', 'empty text'],
]);

/** Returns the name beside a trace: its group, and its output where several are drawn. */
export function nameOf(group: readonly string[], output: string, outputs: number): string {
  const names = group.map((value) => LABELS.get(value) ?? value);
  return [...names, ...(outputs > 1 || names.length === 0 ? [output] : [])].join(' ');
}
