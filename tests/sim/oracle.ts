import { counterRows } from './counter-oracle.ts';
import type { SimEvent } from './ops.ts';
import type { SimRecord } from './sim-log.ts';
import { fixedMetric, HORIZON, readChanging, type SimMetric } from './simulated-metrics.ts';

/** What a partition's log means, worked out naively and apart from the core: lists, sorts and sums. */
export interface Truth {
  /** `metric part pane group` → sum. */
  rows: Map<string, number>;
  /** `offset index` → the watermark it was judged by and its time: events that are neither repeats nor duplicates. */
  archive: Map<string, string>;
  counters: {
    events: number;
    duplicates: number;
    repeatedBlocks: number;
    late: number;
    skipped: number;
    imported: number;
  };
  watermark: number | null;
  /** Metric versions that are folded to the end, by `metric@version`: only these must be complete. */
  whole: Map<string, Folding>;
  /** All that was ever folded, once for each start. */
  foldings: Folding[];
  accepted: Accepted[];
}

/** A metric version from its start to its retirement, offsets; both exclusive. */
interface Folding {
  metric: SimMetric;
  from: number;
  until: number;
  /** Late events below this offset count, too; 0 where no rebuild was asked for. */
  rebuilt: number;
  /** Cap of the groups of imported and late events; null while there may be none. */
  cap: number | null;
}

interface Accepted {
  event: SimEvent;
  offset: number;
  index: number;
  before: number | null;
  imported: boolean;
  /** Every change of the cap before it: the cap, and the highest time seen until then. */
  caps: readonly { groups: number; seen: number }[];
}

export const nameOf = ({ metric, version }: { metric: string; version: number }): string =>
  `${metric}@${version}`;

const matches = (event: SimEvent, { only }: SimMetric): boolean =>
  only === null || only.includes(event.group);

/** Whether an event counts for a metric, were it folded then. */
export const counts = ({ event, before, imported }: Accepted, metric: SimMetric): boolean =>
  !imported && event.n !== null && matches(event, metric) && !late(event, metric, before);

/** Whether it counts among what was added: history, or late and asked for. */
const countsAdded = ({ event, offset, before, imported }: Accepted, { metric, rebuilt }: Folding): boolean =>
  event.n !== null &&
  matches(event, metric) &&
  (imported || (late(event, metric, before) && offset < rebuilt));

const late = (event: SimEvent, metric: SimMetric, watermark: number | null): boolean =>
  watermark !== null && event.ts + metric.lateness <= watermark;

export function readTruth(partition: number, records: readonly SimRecord[]): Truth {
  const { accepted, counters, watermark, imports } = acceptEvents(records);
  const foldings = readFoldings(records, imports);
  const whole = wholeOf(foldings);
  const rows = new Map<string, number>();
  const add = (key: string, n: number) => rows.set(key, (rows.get(key) ?? 0) + n);
  const named = new Map<string, string[]>();
  const added = new Map<string, string[]>();
  const archive = new Map<string, string>();
  for (const one of accepted) {
    const { event, offset, index, before } = one;
    archive.set(`${offset} ${index}`, `${event.ts} ${before}`);
    for (const [name, folding] of whole) {
      if (!countsAdded(one, folding)) continue;
      const { metric, cap } = folding;
      const pane = Math.floor(event.ts / metric.pane) * metric.pane;
      const names = placesOf(added, `${name} ${pane} ${one.imported}`);
      if (!names.includes(event.group) && names.length < cap!) names.push(event.group);
      const group = names.includes(event.group) ? event.group : '__other__';
      add(`${name} +${partition} ${pane} ${metric.grouped ? group : ''}`, event.n!);
    }
    if (one.imported) continue;
    const active = foldings
      .filter(({ from, until }) => from < offset && offset < until)
      .map(({ metric }) => metric)
      .filter((metric) => matches(event, metric));
    if (active.some((m) => late(event, m, before))) counters.late++;
    counters.skipped += event.n === null ? active.filter((m) => !late(event, m, before)).length : 0;
    for (const [name, { metric, from }] of whole) {
      if (!counts(one, metric) || metric.hold !== null) continue;
      const pane = Math.floor(event.ts / metric.pane) * metric.pane;
      const part = offset < from ? `~${partition}` : `${partition}`;
      add(`${name} ${part} ${pane} ${metric.grouped ? nameGroup(named, pane, one) : ''}`, event.n!);
    }
  }
  for (const [name, { metric, from }] of whole) {
    if (metric.hold === null) continue;
    const names = new Map<string, string[]>();
    const samples = accepted
      .filter((one) => counts(one, metric) && one.event.key !== null)
      .map((one) => {
        const pane = Math.floor(one.event.ts / metric.pane) * metric.pane;
        return { ...one, pane, name: metric.grouped ? nameGroup(names, pane, one) : '' };
      });
    for (const { part, pane, group, gain } of counterRows(samples, metric, from))
      add(`${name} ${part}${partition} ${pane} ${group}`, gain);
  }
  return { rows, archive, counters, watermark, whole, foldings, accepted };
}

/** The first groups of a pane keep their names, up to the cap that was valid when the pane began. */
function nameGroup(named: Map<string, string[]>, pane: number, { event, caps }: Accepted): string {
  const names = placesOf(named, String(pane));
  const cap = caps.findLast((c) => c.seen < pane)?.groups ?? 2_000;
  if (!names.includes(event.group) && names.length < cap) names.push(event.group);
  return names.includes(event.group) ? event.group : '__other__';
}

/** The names that were given so far. */
function placesOf(named: Map<string, string[]>, key: string): string[] {
  const names = named.get(key) ?? [];
  named.set(key, names);
  return names;
}

/** What the control blocks say: the first start of a version counts until it is retired. `imports`: offsets of imported blocks. */
function readFoldings(records: readonly SimRecord[], imports: ReadonlySet<number>): Folding[] {
  const foldings: Folding[] = [];
  const requests = new Map<Folding, number>();
  let groups = 2_000;
  for (const [offset, record] of records.entries()) {
    if (imports.has(offset)) for (const folding of foldings) folding.cap ??= groups;
    if (record.kind !== 'control') continue;
    if (record.control.kind === 'settings') {
      groups = record.control.settings.groups;
      continue;
    }
    const { kind, metric: id, version } = record.control;
    const open = foldings.find(
      (f) => f.until === Infinity && f.metric.id === id && f.metric.version === version,
    );
    if (kind === 'rebuild') {
      if (open === undefined) continue;
      open.cap ??= groups;
      if ((requests.get(open) ?? -1) >= record.control.request) continue;
      requests.set(open, record.control.request);
      open.rebuilt = offset;
    } else if (kind === 'retire' && open !== undefined) open.until = offset;
    else if (kind === 'metric' && open === undefined) {
      const { definition } = record.control;
      const metric = fixedMetric(id) ?? readChanging(version, definition);
      const cap = [...imports].some((one) => one < offset) ? groups : null;
      foldings.push({ metric, from: offset, until: Infinity, rebuilt: 0, cap });
    }
  }
  return foldings;
}

/** Versions that were started once and are folded still. */
function wholeOf(foldings: readonly Folding[]): Map<string, Folding> {
  const byName = Map.groupBy(foldings, ({ metric }) =>
    nameOf({ metric: metric.id, version: metric.version }),
  );
  return new Map(
    [...byName].flatMap(([name, [first]]) => (first!.until === Infinity ? [[name, first!] as const] : [])),
  );
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

/** Walks the log: drops repeats of blocks and of live ids; each remaining event keeps the watermark before its block. */
function acceptEvents(records: readonly SimRecord[]) {
  const counters = { events: 0, duplicates: 0, repeatedBlocks: 0, late: 0, skipped: 0, imported: 0 };
  const imports = new Set<number>();
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
    const { imported } = record;
    if (imported) imports.add(offset);
    for (const [index, event] of record.events.entries()) {
      if (!imported) {
        seen = Math.max(seen, event.ts);
        watermark = Math.max(watermark ?? 0, Math.min(event.ts, record.received));
      }
      const id = event.id === null ? null : `${event.key} ${event.id}`;
      if (first.some((f) => f.id === id && f.ts > dead)) {
        counters.duplicates++;
        continue;
      }
      counters.events++;
      if (imported) counters.imported++;
      accepted.push({ event, offset, index, before, imported, caps });
      if (id !== null) first.push({ id, ts: event.ts, offset });
    }
    dead = Math.max(dead, (watermark ?? -Infinity) - HORIZON);
    first = withinCap(first, ids, dead);
  }
  return { accepted, counters, watermark, imports };
}
