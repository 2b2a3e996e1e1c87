import type { ViewContents } from '#contracts/frame.ts';
import type { ViewInfo } from '#contracts/view.ts';
import { createRing } from './ring.ts';
import type { Palette, Trace } from './trace.ts';
import { nameOf } from './trace-name.ts';

/** Windows kept beyond the range, so that a line may enter from the left. */
const SPARE = 4;

export interface BuiltTraces {
  traces: Trace[];
  /** The trace of an output of a series; undefined for outputs that the panel does not show. */
  find(series: number, output: number): Trace | undefined;
}

/** One empty trace for each series and output of a view, series in the order of their groups. `outputs` empty means all. */
export function buildTraces(
  info: ViewInfo,
  contents: ViewContents,
  outputs: readonly string[],
  palette: Palette | null,
): BuiltTraces {
  const capacity = Math.ceil(info.range / info.window) + SPARE;
  const wanted = [...info.outputs.entries()].filter(
    ([, name]) => outputs.length === 0 || outputs.includes(name),
  );
  const members = [...contents.series].sort(([, a], [, b]) =>
    compare(a.group.join('\0'), b.group.join('\0')),
  );
  const known = new Map<string, Trace>();
  const traces = members.flatMap(([series, { group }]) =>
    wanted.map(([output, name]) => {
      const key = JSON.stringify([info.metric, group, name]);
      const trace: Trace = {
        key,
        name: nameOf(group, name, wanted.length),
        slot: palette === null ? null : palette.claim(key, known.size),
        ring: createRing(capacity),
      };
      known.set(`${series} ${output}`, trace);
      return trace;
    }),
  );
  return { traces, find: (series, output) => known.get(`${series} ${output}`) };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
