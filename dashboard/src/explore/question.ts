import type { Panel } from '#contracts/board/panel.ts';
import { allOf, type Filter, negated, single } from '#contracts/filter/filter.ts';
import { formatText } from '#contracts/filter/text-print.ts';
import { parseWhere } from '#contracts/filter/where.ts';
import { HOUR, parseDuration } from '#contracts/text/duration.ts';
import type { Own } from '../app/url-state.ts';
import type { ChartKind } from '../charts/trace/trace.ts';
import type { KnownMetric } from './known-metrics.ts';

/** What is asked of one metric, as the address has it. */
export interface Question {
  /** An id, or "=" and an expression; empty for none. */
  metric: string;
  /** Which output of the aggregate; null: all of them, or the first where groups are shown. */
  output: string | null;
  /** A filter in text form; empty for none. It may be one that cannot be read. */
  where: string;
  /** Dimensions that are kept apart. */
  by: readonly string[];
  /** Duration text of the windows; null: those of the metric, as far as there is room. */
  every: string | null;
  /** `previous` or a duration; null: nothing. */
  against: string | null;
  /** Null: what suits the metric. */
  kind: ChartKind | null;
  /** Groups without a line, each by its values. */
  hidden: readonly (readonly string[])[];
  /** Length of the longer past that is shown below, ms. */
  strip: number;
}

export const STRIPS: ReadonlyMap<string, number> = new Map([
  ['6h', 6 * HOUR],
  ['24h', 24 * HOUR],
]);
const KINDS: readonly ChartKind[] = ['line', 'area', 'bars'];
const isDuration = (text: string): boolean => parseDuration(text, '').ok;

/** Reads the parameters of the room. What cannot be read gets its default; a filter is kept as it is, so that it can be mended. */
export function readQuestion(own: Own): Question {
  return {
    metric: own.metric ?? '',
    output: own.output || null,
    where: own.where ?? '',
    by: readList(own.by),
    every: own.every !== undefined && isDuration(own.every) ? own.every : null,
    against: readAgainst(own.against),
    kind: KINDS.find((kind) => kind === own.kind) ?? null,
    hidden: readGroups(own.hide),
    strip: STRIPS.get(own.strip ?? '') ?? STRIPS.get('6h')!,
  };
}

const readAgainst = (text = ''): string | null => (text === 'previous' || isDuration(text) ? text : null);

/** Returns the parameters of a question; defaults are left out. */
export function writeQuestion(question: Question): Own {
  const { metric, output, where, by, every, against, kind, hidden, strip } = question;
  return {
    metric,
    output: output ?? '',
    where,
    by: writeList(by),
    every: every ?? '',
    against: against ?? '',
    kind: kind ?? '',
    hide: hidden.length === 0 ? '' : JSON.stringify(hidden),
    strip: strip === STRIPS.get('6h') ? '' : ([...STRIPS].find(([, ms]) => ms === strip)?.[0] ?? ''),
  };
}

/** Separated by commas; as a JSON list where a text has one itself, or looks like such a list. */
const writeList = (texts: readonly string[]): string =>
  texts.some((text) => /^\[|,/.test(text) || text === '') ? JSON.stringify(texts) : texts.join();

function readList(text = ''): string[] {
  if (text === '') return [];
  return [...new Set(text.startsWith('[') ? parseList(text).map(String) : text.split(','))];
}

const readGroups = (text = ''): string[][] =>
  parseList(text).flatMap((group) => (Array.isArray(group) ? [group.map(String)] : []));

function parseList(text: string): unknown[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : [];
  } catch {
    // As anything else in an address that cannot be read.
    return [];
  }
}

/** Returns what is wrong with the filter; null where it can be read. */
export function whereFault({ where }: Pick<Question, 'where'>): string | null {
  const read = parseWhere(where);
  return read.ok ? null : read.fault.message;
}

const filtersIn = (where: string): Filter[] => {
  const read = parseWhere(where);
  return read.ok ? read.value : [];
};

/** Returns the filter with one value of a dimension chosen, or left out. What it said of this dimension before, it says no more. */
export function withValues(
  where: string,
  values: Readonly<Record<string, string>>,
  how: 'only' | 'without',
): string {
  const dims = Object.keys(values);
  const others = filtersIn(where).filter(
    (filter) => how === 'without' || !('path' in filter) || !dims.includes(filter.path),
  );
  const named = single(
    Object.entries(values).map(([path, value]): Filter => ({ path, op: 'in', values: [value] })),
  );
  return formatText(allOf([...others, how === 'only' ? named : negated(named)]));
}

/** How many groups are listed and may have a line. */
export const MOST_GROUPS = 50;

/** The kind of chart that suits a metric: counts are bars or stand on each other, everything else is lines. */
export function kindOf({ kind, by }: Question, known: KnownMetric | null): ChartKind {
  if (kind !== null) return kind;
  if (known === null || !known.adds) return 'line';
  return by.length > 0 ? 'area' : 'bars';
}

/** The question as a panel of a board, which a chart is drawn from. */
export function panelOf(question: Question, known: KnownMetric | null): Panel {
  const { metric, output, where, by, every, against } = question;
  const kind = kindOf(question, known);
  const isSplit = by.length > 0;
  return {
    id: 'explore',
    kind,
    title: '',
    place: { x: 0, y: 0, w: 12, h: 8 },
    view: {
      metric,
      ...(where === '' ? {} : { where }),
      groupBy: [...by],
      window: every ?? known?.window ?? 'auto',
      ...(against === null ? {} : { compare: against }),
      ...(isSplit ? { top: topOf(output) } : {}),
    },
    outputs: outputsOf(question, known),
    ...(kind === 'line' ? {} : { stack: isSplit && known?.adds === true }),
  };
}

export const topOf = (output: string | null) => ({
  limit: MOST_GROUPS,
  ...(output === null ? {} : { by: output }),
});

/** Of several outputs with groups one is shown: all of both would be too many lines to tell apart. */
function outputsOf({ output, by }: Question, known: KnownMetric | null): string[] {
  if (output !== null) return [output];
  const first = known?.outputs[0];
  return by.length > 0 && first !== undefined ? [first] : [];
}
