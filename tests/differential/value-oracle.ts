import { aggregateOf } from '#aggregates/registry.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import { naiveGains } from './naive-counters.ts';
import { naiveFunnel } from './naive-funnels.ts';
import { naiveHolds } from './naive-gauges.ts';
import { naiveSessions } from './naive-sessions.ts';
import type { OracleEvent } from './read-blocks.ts';

/** The values that one pane and group of a metric took from one part, in order. */
export interface OracleCell {
  pane: number;
  group: string[];
  /** Of conditions: whether each of them holds; of a funnel how far keys came. */
  values: unknown[];
  /** Of the events of the values. */
  times: number[];
  offsets: number[];
}

export const cellKey = (pane: number, group: readonly string[]): string => JSON.stringify([pane, group]);

/**
 * What a metric means over events in order of position, worked out naively: lists and sorts, none of the code that
 * the aggregator or the Store uses except an aggregate's declaration of its input. Of sequences those at offset `from` or later count, after
 * those before them.
 */
export function foldNaively(
  metric: Metric,
  events: readonly OracleEvent[],
  cap: number,
  from = 0,
): Map<string, OracleCell> {
  const cells = new Map<string, OracleCell>();
  const named = new Map<string, Set<string>>();
  for (const { event, ts, values, ...counted } of additionsOf(metric, countedOf(metric, events), from)) {
    const pane = ts - (((ts % metric.pane) + metric.pane) % metric.pane);
    const group = nameGroup(named, pane, counted.group, cap);
    const key = cellKey(pane, group);
    const cell = cells.get(key) ?? { pane, group, values: [], times: [], offsets: [] };
    cells.set(key, cell);
    for (const value of values) {
      cell.values.push(value);
      cell.times.push(ts);
      cell.offsets.push(event.offset);
    }
  }
  return cells;
}

/** Values that a group takes in the pane of a time, and the event that they are due to. */
interface Addition {
  event: OracleEvent;
  ts: number;
  group: string[];
  values: unknown[];
}

interface Counted {
  event: OracleEvent;
  group: string[];
  value: unknown;
}

/** The events that a metric counts. */
function countedOf(metric: Metric, events: readonly OracleEvent[]): Counted[] {
  const { input, path = null } = aggregateOf(metric.aggregate);
  const { conditions } = metric.aggregate;
  const field = metric.aggregate.field ?? path;
  return events.flatMap((event) => {
    if (metric.events !== null && !metric.events.includes(event.name)) return [];
    if (event.watermark !== null && event.ts + metric.lateness <= event.watermark) return [];
    const paths = readable(event);
    if (!metric.where.every((filter) => isTrue(filter, paths))) return [];
    const group = metric.groupBy.map((path) => textOf(paths.get(path)));
    const value =
      conditions?.map((filter) => isTrue(filter, paths)) ?? (field === null ? 0 : paths.get(field));
    return group.includes(null) || !counts(input, value) ? [] : [{ event, group: group as string[], value }];
  });
}

/** The values that each of them adds. Of a counter also what was added and taken back on the way there, since sums of floats do not forget it. */
function additionsOf({ aggregate, pane }: Metric, counted: readonly Counted[], from: number): Addition[] {
  if (!isSequence(aggregate))
    return counted.map(({ value, event, group }) => ({ event, ts: event.ts, group, values: [value] }));
  if (aggregate.name === 'funnel') {
    const visits = counted.map((one) => ({ ...one, value: one.value as boolean[] }));
    return naiveFunnel(visits, { span: aggregate.spans![0]!, from }).map(({ event, group, values }) => ({
      event,
      ts: event.ts,
      group,
      values,
    }));
  }
  if (aggregate.name === 'time_weighted') return holdsOf({ aggregate, pane }, counted, from);
  if (aggregate.name === 'sessions') {
    const [gap = 0, longest = 86_400_000] = aggregate.spans ?? [];
    const samples = counted.map((one) => ({ ...one, value: 1 }));
    return naiveSessions(samples, { gap, longest, from }).map(({ event, group, value }) => ({
      event,
      ts: event.ts,
      group,
      values: [value],
    }));
  }
  const [hold = 3_600_000] = aggregate.spans ?? [];
  const samples = counted.map((one) => ({ ...one, value: one.value as number }));
  return naiveGains(samples, { hold, from }).map(({ event, group, value, moved }) => ({
    event,
    ts: event.ts,
    group,
    values: [value, moved, -moved],
  }));
}

function holdsOf(
  { aggregate, pane }: Pick<Metric, 'aggregate' | 'pane'>,
  counted: readonly Counted[],
  from: number,
): Addition[] {
  const [hold = 300_000] = aggregate.spans ?? [];
  const samples = counted.map((one) => ({ ...one, value: one.value as number }));
  return naiveHolds(samples, { hold, pane, from }).map(({ event, group, ts, integral, ms, moved }) => ({
    event,
    ts,
    group,
    values: [
      [integral, ms],
      [moved, 0],
      [-moved, 0],
    ],
  }));
}

/** Whether it looks at several events of a key. */
export const isSequence = ({ name }: Metric['aggregate']): boolean =>
  ['increase', 'counter_rate', 'sessions', 'time_weighted', 'funnel'].includes(name);

/** Names are tried with one dimension fewer each time, until one has a place among those of as many dimensions. */
function nameGroup(named: Map<string, Set<string>>, pane: number, group: string[], cap: number): string[] {
  for (let kept = group.length; kept > 0; kept--) {
    if (group[kept - 1] === '__other__') continue;
    const name = group.map((text, i) => (i < kept ? text : '__other__'));
    const names = named.get(`${pane} ${kept}`) ?? new Set();
    named.set(`${pane} ${kept}`, names);
    const key = JSON.stringify(name);
    if (names.size < cap) names.add(key);
    if (names.has(key)) return name;
  }
  return group.map(() => '__other__');
}

function counts(input: string, value: unknown): boolean {
  if (input === 'none' || input === 'conditions') return true;
  if (input === 'text') return value !== undefined && value !== null && typeof value !== 'object';
  return typeof value === 'number';
}

/** What a definition may name: properties, and fields of the envelope under names that theirs are told apart from by one `$` more. */
function readable({ name, id, key, ts, properties }: OracleEvent): Map<string, unknown> {
  const paths = flatten(properties);
  const envelope = { $event: name, $id: id, $key: key, $timestamp: ts };
  for (const [field, value] of Object.entries(envelope)) {
    paths.set(`$${field}`, paths.get(field));
    paths.set(field, value);
  }
  return paths;
}

/** Dotted path → value; an object is there too, as itself. */
function flatten(object: object, prefix = '', out = new Map<string, unknown>()): Map<string, unknown> {
  for (const [name, value] of Object.entries(object)) {
    out.set(prefix + name, value);
    if (value !== null && typeof value === 'object' && !Array.isArray(value))
      flatten(value, `${prefix}${name}.`, out);
  }
  return out;
}

function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return '__missing__';
  return typeof value === 'object' ? null : `${value}`;
}

function isTrue(filter: Metric['where'][number], paths: ReadonlyMap<string, unknown>): boolean {
  if (!('path' in filter)) {
    if (filter.op === 'not') return !isTrue(filter.of, paths);
    const truths = filter.of.map((one) => isTrue(one, paths));
    return filter.op === 'and' ? !truths.includes(false) : truths.includes(true);
  }
  const value = paths.get(filter.path);
  const isThere = value !== undefined && value !== null;
  if (filter.op === 'exists') return isThere;
  const text = textOf(value);
  if ('values' in filter) return (text !== null && filter.values.includes(text)) === (filter.op === 'in');
  if ('text' in filter) {
    if (!isThere || text === null) return false;
    const { text: wanted } = filter;
    if (filter.op === 'contains') return text.includes(wanted);
    if (filter.op === 'startsWith') return text.startsWith(wanted);
    if (filter.op === 'endsWith') return text.endsWith(wanted);
    // The patterns of the generator mean the same to the runtime, but for the flag in front.
    return new RegExp(wanted.replace('(?i)', ''), wanted.startsWith('(?i)') ? 'isu' : 'su').test(text);
  }
  if (typeof value !== 'number') return false;
  if (filter.op === 'between') return value >= filter.from && value <= filter.to;
  const { op, value: bound } = filter;
  return { gt: value > bound, gte: value >= bound, lt: value < bound, lte: value <= bound }[op];
}
