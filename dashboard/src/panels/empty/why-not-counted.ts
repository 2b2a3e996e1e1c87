import { combine, compileCondition } from '#contracts/filter/compile-filter.ts';
import { type Condition, conditionsIn, type Filter, isCondition, pathsIn } from '#contracts/filter/filter.ts';
import { formatText } from '#contracts/filter/text-print.ts';
import type { Where } from '#contracts/filter/where.ts';
import { dimensionText } from '#contracts/metric/dimension.ts';
import { envelopeFieldOf, propertyPath } from '#contracts/metric/envelope.ts';
import { shown } from '#contracts/text/shown.ts';
import type { TailRow } from '#contracts/view/protocol.ts';
import { formatSpan } from '../../format/format-duration.ts';
import { dimensionLabel } from '../lists/list-labels.ts';
import { type Counted, conditionsOf, needsNumber } from './example-event.ts';

export interface CountingFacts {
  metric: Counted;
  /** Of the view, over the metric's dimensions. */
  filter: Where;
  /** Until when events are counted, epoch ms; null where that is not known. */
  watermark: number | null;
  /** Where the view begins, epoch ms. */
  start: number;
}

/** Why an event that arrived is not in a view. */
export interface Cause {
  /** The same for all events with the same cause, whatever their values. */
  key: string;
  text: string;
}

/**
 * Returns why an event that arrived is not in the view; null where it may be in it, and for events of other names. A row that
 * does not say enough gives no cause.
 */
export function whyNotCounted(
  row: TailRow,
  { metric, filter, watermark, start }: CountingFacts,
): Cause | null {
  if (metric.events !== null && !metric.events.includes(row.event)) return null;
  if (row.rejected !== undefined)
    return {
      key: `rejected ${row.rejected.code} ${row.rejected.field ?? ''}`,
      text: `rejected: ${row.rejected.message}`,
    };
  const told = readRow(row);
  if (told === null) return null;
  const { at, knows } = told;
  const broken = conditionsOf(metric, filter).find((one) => isBroken(one, told));
  if (broken !== undefined) return filterCause(broken, at);
  if (watermark !== null && row.time < watermark - metric.lateness)
    return {
      key: 'late',
      text: `late: more than ${formatSpan(metric.lateness)} behind the events that are counted by now`,
    };
  const nested = metric.groupBy.find((path) => dimensionText(at(path)) === undefined);
  if (nested !== undefined)
    return {
      key: `skipped ${nested}`,
      text: `skipped: ${nested} is ${valueLabel(at(nested))}, which cannot be a group`,
    };
  const { field } = metric.aggregate;
  if (field !== null && knows(field)) {
    const value = at(field);
    if (needsNumber(metric.aggregate) ? typeof value !== 'number' : dimensionText(value ?? {}) === undefined)
      return {
        key: `skipped ${field} ${typeof value}`,
        text: `skipped: ${field} is ${valueLabel(value)}${needsNumber(metric.aggregate) ? ', a number is needed' : ''}`,
      };
  }
  return row.time < start ? { key: 'older', text: 'older than what this panel shows' } : null;
}

/** A pattern is not tried here: the page has no engine for it. */
const NO_ENGINE = () => () => true;

function isBroken(filter: Filter, { at, knows }: Told): boolean {
  const isJudged =
    pathsIn([filter]).every(knows) && [...conditionsIn([filter])].every(({ op }) => op !== 'matches');
  const test = combine([filter], (condition) => {
    const holds = compileCondition(condition, NO_ENGINE);
    return (value: Told['at']) => holds(value(condition.path));
  });
  return isJudged && !test(at);
}

function filterCause(filter: Filter, at: Told['at']): Cause {
  const told = pathsIn([filter]).map((path) => `${path} is ${valueLabel(at(path))}`);
  const isSimple = isCondition(filter);
  return {
    key: isSimple ? `filtered ${filter.path} ${filter.op}` : `filtered ${formatText([filter])}`,
    text: `filtered: ${told.slice(0, MOST).join(', ')}, counted is ${isSimple ? conditionLabel(filter) : formatText([filter])}`,
  };
}

interface Told {
  at(path: string): unknown;
  /** Whether the row says what is at a path, or that nothing is. */
  knows(path: string): boolean;
}

/** Characters of a text from which on it may be cut. */
const CUT = 80;

/** Returns the properties of a row as they were sent; null where it has none. */
function readRow({ event, time, properties, kinds, cut }: TailRow): Told | null {
  if (properties === undefined || kinds === undefined || kinds.length !== properties.length) return null;
  const values = new Map(properties.map(([name, value], i) => [name, readValue(value, kinds[i]!)]));
  const envelope = new Map<string, unknown>([
    ['$event', event],
    ['$timestamp', time],
  ]);
  const at = (path: string): unknown =>
    envelopeFieldOf(path) === null ? values.get(propertyPath(path)) : envelope.get(path);
  const isInside = (path: string): boolean =>
    [...values].some(
      ([name, value]) => typeof value === 'object' && value !== null && path.startsWith(`${name}.`),
    );
  return {
    at,
    knows(path) {
      if (envelopeFieldOf(path) !== null) return envelope.has(path);
      const value = at(path);
      if (value === undefined) return cut !== true && !isInside(path);
      return typeof value !== 'string' || value.length < CUT;
    },
  };
}

/** A list or an object is only known to be one. */
function readValue(text: string, kind: string): unknown {
  if (kind === 'n') return Number(text);
  if (kind === 'b') return text === 'true';
  if (kind === 's') return text;
  return kind === 'z' ? null : {};
}

/** `missing`, `the text "12"`, `12`. */
function valueLabel(value: unknown): string {
  if (value === undefined || value === null) return 'missing';
  if (typeof value === 'string') return `the text ${shown(value)}`;
  return typeof value === 'object' ? 'a list or object' : shown(value);
}

const COMPARISONS = { gt: 'above', gte: 'at least', lt: 'below', lte: 'at most' } as const;
const MOST = 3;

function conditionLabel(condition: Condition): string {
  if ('value' in condition) return `${COMPARISONS[condition.op]} ${condition.value}`;
  if (!('values' in condition)) return formatText([condition]);
  const values = condition.values.slice(0, MOST).map(dimensionLabel);
  const rest = condition.values.length - values.length;
  const list = `${values.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return condition.op === 'in' ? list : `anything but ${list}`;
}
