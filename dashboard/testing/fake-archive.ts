import type { ArchivedEvent, EventPage } from '#contracts/event/event-page.ts';
import { combine, compileCondition } from '#contracts/filter/compile-filter.ts';
import { parseWhere } from '#contracts/filter/where.ts';
import type { RejectedPage, RejectedRecord } from '#contracts/log/rejected-record.ts';
import type { EventVerdict, MetricVerdict, VerdictsAnswer } from '#contracts/metric/verdict.ts';
import type { TailRow } from '#contracts/view/protocol.ts';
import type { SchemaAnswer } from '#contracts/view/schema-result.ts';
import { ApiError } from '../src/app/ask.ts';
import { createRandom, EVENTS } from './fake-data.ts';

/** Archived events before the page was opened, and ms between two. */
const HISTORY = 700;
const APART = 450;
/** Events that are kept at most. */
const MOST = 5_000;

/** Newest last. The fake tail adds what it shows, as the archive of a server would have it. */
const archive: ArchivedEvent[] = [];

function addEvent(time: number, event: string, text: string, user: number): ArchivedEvent {
  const properties = Object.fromEntries(text.split('  ').map(pairOf));
  const added: ArchivedEvent = {
    ...{ event, id: `e_${archive.length}`, key: `u_${1_000 + (user % 40)}`, timestamp: time },
    ...{ received: time + 40, position: { partition: 0, offset: archive.length, index: 0 }, properties },
  };
  archive.push(added);
  if (archive.length > MOST) archive.shift();
  return added;
}

function pairOf(pair: string): [string, unknown] {
  const [name, ...words] = pair.split(' ');
  const value = words.join(' ');
  return [name!, /^\d+(\.\d+)?$/.test(value) ? Number(value) : value];
}

/** Archives what the fake tail shows, and returns it with its key and place. */
export function archiveRow(row: TailRow): TailRow {
  if (row.rejected !== undefined) return row;
  fillHistory(row.time);
  const { key, id, position, properties } = addEvent(row.time, row.event, row.text, archive.length * 7);
  const kinds = Object.values(properties).map((value) => (typeof value === 'number' ? 'n' : 's'));
  return {
    ...{ ...row, kinds: kinds.join(''), key: key!, id: id! },
    position,
  };
}

function fillHistory(now: number): void {
  if (archive.length > 0) return;
  const random = createRandom(11);
  for (let i = HISTORY; i > 0; i--) {
    const [event, text] = EVENTS[Math.floor(random() * EVENTS.length)]!;
    addEvent(now - 2_000 - i * APART, event, text, Math.floor(random() * 40));
  }
}

const REFUSED: readonly Omit<RejectedRecord, 'time'>[] = [
  {
    ...{ code: 'unknown_field', field: 'amount', message: 'amount is not a field of an event.' },
    ...{
      body: '{"event":"order_completed","amount":59.9}',
      network: 'private',
      agent: 'php/8.3',
      key: 'shop-php',
    },
  },
  {
    ...{
      code: 'timestamp_in_future',
      field: 'timestamp',
      message: 'timestamp: 432000 ms ahead of its receipt.',
    },
    ...{ body: '{"event":"till_closed","timestamp":1}', network: 'private', agent: 'pos-17' },
  },
  { code: 'invalid_json', message: 'At byte 412 the text ends too early.', body: '{"event":', status: 400 },
];

/** What a server would answer to a request about these events; undefined for any other. `mode` as for the rest of the fake. */
export function answerOfArchive(mode: string, { pathname, searchParams }: URL): unknown {
  const answer = ANSWERS.get(pathname);
  if (answer === undefined) return undefined;
  if (mode === 'refused') throw new ApiError('The Store does not answer now.', 'store_unavailable');
  if (mode !== 'empty') fillHistory(Date.now());
  return answer(searchParams);
}

const ANSWERS = new Map<string, (params: URLSearchParams) => unknown>([
  ['/v1/events', eventPage],
  ['/v1/events/verdict', verdictsPage],
  ['/v1/rejected', rejectedPage],
]);

function eventPage(params: URLSearchParams): EventPage {
  const read = parseWhere(params.get('where') ?? '');
  if (!read.ok) throw new ApiError(read.fault.message, read.fault.code, 'where');
  const keeps = combine(read.value, (condition) => {
    const holds = compileCondition(condition, () => () => true);
    return (one: ArchivedEvent) => holds(one.properties[condition.path]);
  });
  const [from, to] = [Number(params.get('from') ?? 0), Number(params.get('to') ?? Infinity)];
  const named = (['event', 'key', 'id'] as const).filter((name) => params.has(name));
  const found = archive
    .filter((one) => one.timestamp >= from && one.timestamp < to)
    .filter((one) => named.every((name) => one[name] === params.get(name)) && keeps(one))
    .sort((a, b) => b.timestamp - a.timestamp);
  const cursor = params.get('cursor');
  const begin =
    cursor === null ? 0 : found.findIndex(({ position }) => position.offset === Number(cursor)) + 1;
  const events = found.slice(begin, begin + Number(params.get('limit') ?? 100));
  const last = events.at(-1);
  if (last === undefined || last === found.at(-1)) return { events, searched: null, next: null };
  return { events, searched: last.timestamp, next: String(last.position.offset) };
}

function verdictsPage(params: URLSearchParams): VerdictsAnswer | null {
  const [place, id] = [params.get('position'), params.get('id')];
  const found = archive.find((one) => (id === null ? place === `0:${one.position.offset}:0` : one.id === id));
  return found === undefined ? null : { verdicts: [verdictOf(found)], more: false };
}

function verdictOf({ event, position, timestamp }: ArchivedEvent): EventVerdict {
  const pane = Math.floor(timestamp / 10_000) * 10_000;
  const of = (metric: string, rest: Omit<MetricVerdict, 'metric' | 'version'>): MetricVerdict => ({
    ...{ metric, version: 1 },
    ...rest,
  });
  const other = { part: 'live', pane, merged: true, group: { user: '__other__' } } as const;
  const web = { part: 'live', pane, merged: false, group: { channel: 'web' } } as const;
  return {
    ...{ event, position, timestamp, partition: 0 },
    metrics: [
      of('active_users', { outcome: 'late', by: 12_000 }),
      of('events_by_user', { outcome: 'counted', ...other }),
      of('orders', { outcome: 'counted', ...web }),
      of('pages', { outcome: 'no_match', field: '$event', expected: 'page_viewed' }),
      of('pro_orders', { outcome: 'no_match', condition: 'plan = pro' }),
      of('revenue', { outcome: 'skipped', field: 'amount', expected: 'a finite number', found: 'text' }),
    ],
  };
}

function rejectedPage(params: URLSearchParams): RejectedPage {
  if (archive.length === 0) return { rejected: [], leftOut: {}, next: null };
  const codes = params.get('code')?.split(',');
  const now = Date.now();
  const rejected = REFUSED.flatMap((one, i) =>
    Array.from({ length: 3 * (REFUSED.length - i) }, (_, n) => ({ ...one, time: now - n * 9_000 })),
  ).filter(({ code }) => codes?.includes(code) ?? true);
  return {
    rejected: rejected.sort((a, b) => b.time - a.time),
    leftOut: codes === undefined ? { unknown_field: 1_902 } : {},
    next: null,
  };
}

/** What is known of the events of a name that the archive has; none of another. */
export function factsOf(name: string): SchemaAnswer['events'] {
  const events = archive.filter(({ event }) => event === name);
  const [first] = events;
  if (first === undefined) return [];
  const paths = [...new Set(events.flatMap(({ properties }) => Object.keys(properties)))];
  return [
    {
      ...{ event: name, count: events.length, rate: events.length / 900, first: first.timestamp },
      ...{ last: events.at(-1)!.timestamp, sampled: { events: events.length, of: events.length } },
      ...{ properties: paths.map((path) => propertyOf(path, events)), pathsLeftOut: 0 },
    },
  ];
}

function propertyOf(path: string, events: readonly ArchivedEvent[]) {
  const values = events.map(({ properties }) => properties[path]).filter((value) => value !== undefined);
  const counts = new Map<string, number>();
  for (const value of values) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  const numbers = values.filter((value) => typeof value === 'number');
  const type = numbers.length > 0 ? ('number' as const) : ('text' as const);
  return {
    ...{ path, events: values.length, distinct: counts.size, types: [{ type, events: values.length }] },
    values: [...counts].sort((a, b) => b[1] - a[1]).map(([value, n]) => ({ value, events: n })),
    examples: values.slice(0, 3).map((value) => JSON.stringify(value)),
    min: numbers.length > 0 ? Math.min(...numbers) : null,
    max: numbers.length > 0 ? Math.max(...numbers) : null,
  };
}
