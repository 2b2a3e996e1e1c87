import type { Panel } from '#contracts/board/panel.ts';
import { MINUTE } from '#contracts/text/duration.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import { momentLabel, windowAt } from '../../charts/draw/geometry.ts';
import type { ChartKind, EarlierLine, TraceSet } from '../../charts/trace/trace.ts';
import type { WindowTimes } from '../../charts/trace/window-times.ts';
import { formatSpan } from '../../format/format-duration.ts';
import type { Formats } from '../../format/formats.ts';

/** What the tail has shown and left out, and when it last showed something (local time; 0 for never). */
export interface TailFacts {
  shown: number;
  skipped: number;
  at: number;
}

/** Behind the title of a tail: `1,204 /s · 1 in 64 shown`. */
export function tailLabel({ shown, skipped }: TailFacts, rate: number | null, formats: Formats): string {
  if (rate === null) return '';
  const part = skipped > 0 && shown > 0 ? ` · 1 in ${Math.round((shown + skipped) / shown)} shown` : '';
  return `${formats.value(Math.round(rate))} /s${part}`;
}

/** Returns the age of what is shown; empty where there is none. */
export const ageLabel = (time: number | null, now: number, formats: Formats): string =>
  time === null ? '' : formats.age(now - time);

/** The time that a panel reads: `at 14:00:31`, or `14:00:30–14:01:00` of a bar, and how long ago that is. */
export function readingLabels(
  { kind, times }: { kind: ChartKind; times: WindowTimes },
  time: number,
  { now, formats }: { now: number; formats: Formats },
): { moment: string; ago: string } {
  const moment = momentLabel({ kind, times }, time, { now, formats });
  const end = times.startOf(windowAt(times, time) + 1);
  return { moment: kind === 'bars' ? moment : `at ${moment}`, ago: `${formatSpan(now - end)} ago` };
}

/** Says that what is shown is not final: `closes in 12 s` for long windows, else `open window`. */
export function openLabel(times: WindowTimes, now: number): string {
  const left = times.startOf(times.indexAt(now)) === now ? 0 : times.startOf(times.indexAt(now) + 1) - now;
  // A shorter window closes before a reader has read the label.
  return times.length >= MINUTE && left >= 1_000 ? `closes in ${formatSpan(left)}` : 'open window';
}

export interface FigureFacts {
  panel: Pick<Panel, 'kind' | 'stack'>;
  /** Null before there is a view. */
  info: ViewInfo | null;
  /** Names of the traces that are drawn. */
  traces: readonly { name: string }[];
  /** What a list or a stat says of its figures. */
  caption: string;
  /** Shown in a place of its own. */
  unit: string;
  isEmpty: boolean;
  /** The range that a chart is compared with, by its name; empty where it is not. */
  compared: string;
  /** How many groups a chart shows by name, of how many; null where it shows all. */
  ranked: { shown: number; of: number } | null;
  formats: Formats;
}

/** Behind the title of a panel that shows a metric: what its figures are of. */
export function figureLabels({
  panel,
  info,
  traces,
  caption,
  unit,
  isEmpty,
  compared,
  ranked,
  formats,
}: FigureFacts): string[] {
  const isList = panel.kind === 'top' || panel.kind === 'table';
  if (isList && caption !== '' && !isEmpty) return caption.split(' · ').filter((fact) => fact !== unit);
  if (info === null) return [];
  const isStat = panel.kind === 'stat';
  // A stat shows one of the values that a metric gives: it says which.
  const name = isStat && traces.length > 1 ? traces[0]!.name : '';
  return [
    name,
    isStat ? caption : windowLabel(info),
    ranked === null ? '' : rankedLabel(ranked.shown, ranked.of, formats),
    compared,
    stackLabel(panel, info),
  ].filter(Boolean);
}

/** Returns how many of all groups are shown by name: `10 of 153`; empty where all are. */
export const rankedLabel = (shown: number, of: number, formats: Formats): string =>
  shown < of ? `${formats.fixed(shown, 0)} of ${formats.fixed(of, 0)}` : '';

/** Returns what a chart is compared with, and whether there was anything: `vs prev 15 min`. */
export function comparedLabel({ earlier, first, closed, end }: TraceSet, label: string): string {
  if (earlier.length === 0) return '';
  const has = (line: EarlierLine): boolean => {
    for (let i = first; i < Math.max(closed, end); i++) if (!Number.isNaN(line.value(i))) return true;
    return false;
  };
  return earlier.some(has) ? `vs ${label}` : `none in ${label}`;
}

/** Names the windows of a chart: `10 s`, `10 min every 1 min`, `day`. */
export function windowLabel({ window, every = window, calendar, whole }: ViewInfo): string {
  if (whole) return '';
  if (calendar) return calendar.unit;
  return every === window ? formatSpan(window) : `${formatSpan(window)} every ${formatSpan(every)}`;
}

/** Returns why a panel that asks for a stack shows none; empty where it shows one or asks for none. */
export const stackLabel = ({ stack }: Pick<Panel, 'stack'>, { adds }: Pick<ViewInfo, 'adds'>): string =>
  stack === true && adds === 'nothing' ? 'not stacked: values do not add' : '';
