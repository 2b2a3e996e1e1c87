import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { aggregateOf, checkAggregate } from '#aggregates/registry.ts';
import type { CommitRow } from '#contracts/log/rows.ts';
import { type Metric, parseMetric } from '#contracts/metric/metric.ts';
import { eventually } from '../testing/eventually.ts';
import { readSeries } from '../testing/series.ts';
import { createWorkload } from './random-workload.ts';
import { GROUPS, type Stack, startStack } from './stack.ts';

/** One run more, of a seed that failed: `DIFFERENTIAL_SEED=123 npx vitest run tests/differential/derived`. */
const GIVEN = process.env.DIFFERENTIAL_SEED;
const SEEDS = GIVEN === undefined ? [1, Math.floor(Math.random() * 2 ** 31)] : [Number(GIVEN)];
const REQUESTS = 40;

const PARTS: Record<string, object> = {
  orders: { event: 'order', aggregate: 'count', groupBy: ['shop', 'd'], pane: '1s' },
  visits: { event: ['visit', 'order paid'], aggregate: 'count', groupBy: ['shop'], pane: '1s' },
  everything: { event: '*', aggregate: 'count', pane: '2s', window: '10s' },
  spread: { event: 'order', aggregate: 'quantiles(x, 0.5, 0.9)', groupBy: ['shop'], pane: '1s' },
};

/** The value of an output of a part in a window, for a group of the view; null for none. */
type Get = (part: string, output?: number, earlier?: number) => number | null;
const div = (a: number | null, b: number | null) => (a === null || b === null || b === 0 ? null : a / b);
const minus = (a: number | null, b: number | null) => (a === null || b === null ? null : a - b);

/** Each expression, computed once more by hand. */
const DERIVED: { id: string; expression: string; parts: string[]; of: (get: Get) => number | null }[] = [
  {
    id: 'share',
    expression: 'orders / everything',
    parts: ['orders', 'everything'],
    of: (get) => div(get('orders'), get('everything')),
  },
  {
    id: 'rate',
    expression: 'visits / orders',
    parts: ['visits', 'orders'],
    of: (get) => div(get('visits'), get('orders')),
  },
  {
    id: 'width',
    expression: 'coalesce(spread.p90 - spread.p50, -1)',
    parts: ['spread'],
    of: (get) => minus(get('spread', 1), get('spread', 0)) ?? -1,
  },
  {
    id: 'change',
    expression: 'orders - previous(orders, 4s)',
    parts: ['orders'],
    of: (get) => minus(get('orders'), get('orders', 0, 4_000)),
  },
];

let data: string;
let stack: Stack | null = null;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'millrace-derived-'));
});
afterEach(async () => {
  await stack?.close();
  await rm(data, { recursive: true, force: true });
});

it.each(SEEDS)(
  'derived metrics are what SQL over the archive gives for their parts (DIFFERENTIAL_SEED=%i)',
  async (seed) => {
    stack = await startStack(data);
    const workload = createWorkload(seed);
    // Some history is filled in, the rest is folded.
    for (let i = 0; i < REQUESTS / 2; i++) await stack.post(workload.request(Date.now()));
    for (const [id, definition] of Object.entries(PARTS)) await stack.define(id, { ...definition });
    for (const { id, expression } of DERIVED) await put(stack.url, id, { expression });
    for (let i = 0; i < REQUESTS / 2; i++) await stack.post(workload.request(Date.now()));
    const commits = await stack.settled(Object.keys(PARTS).length);
    const folded = new Map<string, Folded>();
    for (const id of Object.keys(PARTS)) folded.set(id, await foldInSql(stack, commits, id));
    let compared = 0;
    for (const derived of DERIVED) {
      for (const [window, groupBy] of [
        [2, ['shop', 'd']],
        [4, ['shop']],
        [20, []],
      ] as const) {
        const { url } = stack;
        compared += await eventually(
          () => compare(url, derived, { window: window * 1_000, groupBy, folded }),
          () => true,
          20_000,
        );
      }
    }
    expect(compared).toBeGreaterThan(200);
  },
  120_000,
);

async function put(url: string, id: string, definition: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/v1/metrics/${id}`, {
    method: 'PUT',
    headers,
    body: JSON.stringify(definition),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

/** A part as SQL has folded it from the archive. */
interface Folded {
  metric: Metric;
  cells: { pane: number; group: readonly string[]; state: unknown }[];
}

async function foldInSql({ store }: Stack, commits: readonly CommitRow[], id: string): Promise<Folded> {
  const read = parseMetric(id, PARTS[id], { checkAggregate, horizon: Number.POSITIVE_INFINITY });
  if (!read.ok) throw new Error(read.fault.message);
  const metric = read.value;
  const aggregate = aggregateOf(metric.aggregate);
  const cells: Folded['cells'] = [];
  for (const { part, next, facts } of commits) {
    const { version, activation } = facts.active.find((one) => one.metric === id)!;
    const spans = [
      [activation, next],
      [0, activation],
    ] as const;
    for (const [from, before] of spans) {
      const rows = await store.runSqlFold({
        ...{ metric, version, partition: part, from, before },
        ...{ groups: GROUPS, levels: true },
      });
      for (const { pane, group, state } of rows) cells.push({ pane, group, state: aggregate.decode(state) });
    }
  }
  return { metric, cells };
}

interface Asked {
  /** ms. */
  window: number;
  groupBy: readonly string[];
  folded: ReadonlyMap<string, Folded>;
}

/** Compares every window of every group; returns how many had a value. */
async function compare(
  url: string,
  { id, parts, of }: (typeof DERIVED)[number],
  { window, groupBy, folded }: Asked,
): Promise<number> {
  const known = groupBy.filter((d) => parts.some((part) => folded.get(part)!.metric.groupBy.includes(d)));
  const query = (dimensions: readonly string[]) =>
    `?range=5m&window=${window / 1_000}s&groupBy=${dimensions.join()}`;
  const answer = await readSeries(url, id, query(known));
  const begins = new Map<string, number | null>();
  for (const part of parts) begins.set(part, (await readSeries(url, part, query([]))).begins);
  const { panes, series, asOf } = answer;
  const groups = new Set(series.map(({ group }) => JSON.stringify(known.map((d) => group[d]))));
  expect([...groups].sort(), `groups of ${id}`).toEqual(
    groupsOf(parts, { known, folded, from: panes[0]!, to: panes.at(-1)! + window, id }),
  );
  let compared = 0;
  for (const { group, values } of series) {
    for (const [i, start] of panes.entries()) {
      const isLast = i === panes.length - 1;
      const get: Get = (part, output = 0, earlier = 0) => {
        const { metric, cells } = folded.get(part)!;
        const aggregate = aggregateOf(metric.aggregate);
        const from = start - earlier;
        const passed =
          isLast && earlier > 0 ? Math.floor(((asOf ?? 0) - start) / metric.pane) * metric.pane : window;
        const own = cells.filter(
          (cell) =>
            cell.pane >= from &&
            cell.pane < from + Math.min(window, passed) &&
            metric.groupBy.every((d, at) => !known.includes(d) || cell.group[at] === group[d]),
        );
        if (own.length === 0) {
          const begin = begins.get(part)!;
          return aggregate.empty === 'zero' && begin !== null && from + window > begin ? 0 : null;
        }
        const merged = aggregate.create();
        for (const cell of own) aggregate.merge(merged, cell.state);
        return aggregate.value(merged, metric.aggregate, window)[output]!;
      };
      const expected = of(get);
      const at = `${id} of ${JSON.stringify(group)} at ${start} (${query(known)})`;
      if (expected === null) expect(values[i], at).toBeNull();
      else expect(values[i], at).toBeCloseTo(expected, 9);
      if (expected !== null) compared++;
    }
  }
  return compared;
}

/** Those of the part with most dimensions, in the range or as much earlier as the expression says. */
function groupsOf(
  parts: readonly string[],
  {
    known,
    folded,
    from,
    to,
    id,
  }: { known: readonly string[]; folded: Asked['folded']; from: number; to: number; id: string },
): string[] {
  const dimensionsOf = (part: string) => known.filter((d) => folded.get(part)!.metric.groupBy.includes(d));
  const most = Math.max(...parts.map((part) => dimensionsOf(part).length));
  const groups = new Set(known.length === 0 ? ['[]'] : []);
  for (const part of parts) {
    const { metric, cells } = folded.get(part)!;
    if (dimensionsOf(part).length < most) continue;
    const earliest = id === 'change' ? from - 4_000 : from;
    for (const { pane, group } of cells)
      if (pane >= earliest && pane < to)
        groups.add(JSON.stringify(known.map((d) => group[metric.groupBy.indexOf(d)])));
  }
  return [...groups].sort();
}
