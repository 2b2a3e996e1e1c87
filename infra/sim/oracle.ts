import { FIRST, HORIZON, LATER, type SimMetric } from './metrics.ts';
import type { SimEvent } from './ops.ts';
import type { SimRecord } from './sim-log.ts';

/** What a partition's log means, worked out naively and apart from the core: lists, sorts and sums. */
export interface Truth {
  /** `metric part pane group` → sum. */
  rows: Map<string, number>;
  /** `offset index` → the watermark it was judged by and its time: events that are neither repeats nor duplicates. */
  archive: Map<string, string>;
  counters: { events: number; duplicates: number; repeatedBlocks: number; late: number; skipped: number };
  watermark: number | null;
  /** Where the later metric began; null where it never did. */
  activation: number | null;
}

interface Accepted {
  event: SimEvent;
  offset: number;
  index: number;
  before: number | null;
  /** Every change of the cap before it: the cap, and the highest time seen until then. */
  caps: readonly { groups: number; seen: number }[];
}

const late = (event: SimEvent, metric: SimMetric, watermark: number | null): boolean =>
  watermark !== null && event.ts + metric.lateness <= watermark;

export function readTruth(partition: number, records: readonly SimRecord[]): Truth {
  const { accepted, counters, watermark } = acceptEvents(records);
  const started = records.findIndex(
    (r) => r.kind === 'control' && r.control.kind === 'metric' && r.control.metric === LATER.id,
  );
  const activation = started < 0 ? null : started;
  const rows = new Map<string, number>();
  const add = (key: string, n: number) => rows.set(key, (rows.get(key) ?? 0) + n);
  const names = new Map<number, string[]>();
  const archive = new Map<string, string>();
  for (const { event, offset, index, before, caps } of accepted) {
    archive.set(`${offset} ${index}`, `${event.ts} ${before}`);
    const active = activation !== null && offset > activation ? [FIRST, LATER] : [FIRST];
    if (active.some((m) => late(event, m, before))) counters.late++;
    counters.skipped += event.n === null ? active.filter((m) => !late(event, m, before)).length : 0;
    if (event.n === null) continue;
    const pane = Math.floor(event.ts / FIRST.pane) * FIRST.pane;
    if (!late(event, FIRST, before)) {
      const named = names.get(pane) ?? [];
      names.set(pane, named);
      const cap = caps.findLast((c) => c.seen < pane)?.groups ?? 2_000;
      if (!named.includes(event.group) && named.length < cap) named.push(event.group);
      const group = named.includes(event.group) ? event.group : '__other__';
      add(`${FIRST.id} ${partition} ${pane} ${group}`, event.n);
    }
    if (activation !== null && !late(event, LATER, before)) {
      const part = offset < activation ? `~${partition}` : `${partition}`;
      add(`${LATER.id} ${part} ${pane} `, event.n);
    }
  }
  return { rows, archive, counters, watermark, activation };
}

interface First {
  id: string;
  ts: number;
  offset: number;
}

/** Beyond the cap whole blocks of ids go, oldest first; an id counts until its second is over. */
function withinCap(first: readonly First[], cap: number, dead: number): First[] {
  const counting = first.filter((f) => Math.floor(f.ts / 1_000) >= Math.floor(dead / 1_000));
  if (counting.length <= cap) return [...first];
  const oldest = Math.min(...first.map((f) => f.offset));
  const rest = first.filter((f) => f.offset !== oldest);
  return withinCap(rest, cap, dead);
}

/** Walks the log: repeats of blocks and live ids go, each remaining event keeps the watermark before its block. */
function acceptEvents(records: readonly SimRecord[]) {
  const counters = { events: 0, duplicates: 0, repeatedBlocks: 0, late: 0, skipped: 0 };
  const accepted: Accepted[] = [];
  const blocks: string[] = [];
  let first: First[] = [];
  let watermark: number | null = null;
  let dead = -Infinity;
  let ids = 1_000_000;
  let caps: { groups: number; seen: number }[] = [];
  let seen = -Infinity;
  for (const [offset, record] of records.entries()) {
    if (record.kind === 'control') {
      if (record.control.kind !== 'settings') continue;
      ids = record.control.settings.ids;
      first = withinCap(first, ids, dead);
      caps = [...caps, { groups: record.control.settings.groups, seen }];
      continue;
    }
    if (record.block !== null && blocks.includes(record.block)) {
      counters.repeatedBlocks++;
      continue;
    }
    if (record.block !== null) blocks.push(record.block);
    const before: number | null = watermark;
    for (const [index, event] of record.events.entries()) {
      seen = Math.max(seen, event.ts);
      watermark = Math.max(watermark ?? 0, Math.min(event.ts, record.received));
      const id = event.id === null ? null : `${event.key} ${event.id}`;
      if (first.some((f) => f.id === id && f.ts > dead)) {
        counters.duplicates++;
        continue;
      }
      counters.events++;
      accepted.push({ event, offset, index, before, caps });
      if (id !== null) first.push({ id, ts: event.ts, offset });
    }
    dead = Math.max(dead, (watermark ?? -Infinity) - HORIZON);
    first = withinCap(first, ids, dead);
  }
  return { accepted, counters, watermark };
}
