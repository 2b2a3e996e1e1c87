import { isRecord } from '#contracts/is-record.ts';
import { groupKey } from '#contracts/metric/dimension.ts';
import { durationOf } from '#contracts/text/duration.ts';
import { emptyContents, type ViewContents } from '#contracts/view/frame.ts';
import type { PreviewAnswer } from '#contracts/view/preview-result.ts';
import type { ViewInfo } from '#contracts/view/view.ts';

type Series = NonNullable<PreviewAnswer['series']>;

/** Aggregates whose values add: over windows and groups, or over groups alone. The answer has every zero, so that no other fact is needed. */
const ADDS: Readonly<Record<string, ViewInfo['adds']>> = {
  ...{ count: 'windows', sum: 'windows', increase: 'windows', rate: 'groups', counter_rate: 'groups' },
};

/** Returns what a preview is, as a subscriber learns it; null while nothing of it is there. */
export function infoOf({ metric, series, evaluated }: PreviewAnswer): ViewInfo | null {
  if (series === null) return null;
  const { title, unit, better, aggregate, groupBy, pane, event } = metric;
  const events = event === '*' ? null : texts(event);
  return {
    ...{ view: 'preview', metric: 'preview', version: 0 },
    title: typeof title === 'string' ? title : '',
    unit: typeof unit === 'string' ? unit : '',
    better: better === 'higher' || better === 'lower' ? better : null,
    outputs: outputsOf(series),
    empty: 'none',
    adds: ADDS[/^[a-z_]+/.exec(String(aggregate))?.[0] ?? ''] ?? 'nothing',
    groupBy: dimensionsOf(series) ?? texts(groupBy),
    ...{ window: series.window, range: (evaluated?.to ?? 0) - (evaluated?.from ?? 0) },
    pane: typeof pane === 'string' ? durationOf(pane) : series.window,
    events,
  };
}

const texts = (value: unknown): string[] => [value ?? []].flat().filter((one) => typeof one === 'string');

const outputsOf = ({ series }: Series): string[] => {
  const outputs = [...new Set(series.map(({ output }) => output))];
  return outputs.length === 0 ? ['value'] : outputs;
};

const dimensionsOf = ({ series }: Series): string[] | null =>
  series.length === 0 ? null : Object.keys(series.find(({ rest }) => rest !== true)?.group ?? {});

/** Returns a preview as the contents of a view, for whatever draws views. */
export function contentsOf(answer: PreviewAnswer, info: ViewInfo): ViewContents {
  const { series, evaluated, events, complete, progress } = answer;
  const contents = emptyContents();
  if (series === null) return contents;
  const { watermark = null, asOf = null, begins, panes } = series;
  const start = series.start ?? panes[0] ?? evaluated?.from ?? 0;
  const end = series.end ?? (panes.at(-1) ?? start) + series.window;
  Object.assign(contents, { watermark, asOf, begins, start, end, partial: new Set(series.partial) });
  contents.filled = complete ? null : { done: Math.round(progress * 100), of: 100 };
  // Zeros of what no event fits are not values.
  if (events?.matched === 0) return contents;
  const numbers = new Map<string, number>();
  for (const { group, rest, output, values } of series.series) {
    const names = info.groupBy.map((dimension) => (isRecord(group) ? String(group[dimension] ?? '') : ''));
    const key = rest === true ? 'rest' : groupKey(names);
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    const one = contents.series.get(number) ?? {
      ...{ group: rest === true ? [] : names, cells: new Map<number, (number | null)[]>() },
      ...(rest === true ? { rest } : {}),
    };
    contents.series.set(number, one);
    const at = info.outputs.indexOf(output);
    series.panes.forEach((pane, i) => {
      const value = values[i] ?? null;
      if (value === null) return;
      const cell = one.cells.get(pane) ?? info.outputs.map(() => null);
      cell[at] = value;
      one.cells.set(pane, cell);
    });
  }
  return contents;
}
