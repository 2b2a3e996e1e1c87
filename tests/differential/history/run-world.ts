import { aggregateOf } from '#aggregates/registry.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import type { Connection } from '#platform/store/connection/engine-connection.ts';
import type { Store } from '#platform/store/store.ts';
import { slackOf } from '../compare-rows.ts';
import { isInArchive, queryArchive } from './archive-sql.ts';
import { type Asked, RANGE_KINDS, randomView, requestOf, WINDOW_KINDS } from './asked-views.ts';
import { compareHistory, Difference, type Expected, type Truth } from './compare-view.ts';
import type { Engine } from './engine.ts';
import type { World } from './history-world.ts';
import { foldParts } from './naive-cells.ts';
import { type ReadHistory, readHistory } from './read-history.ts';
import { metricsOf, STAGES, storeWorld, VERSION } from './stored-world.ts';

/** What was compared, so that a run which compares nothing is seen. */
export interface Compared {
  views: number;
  cells: number;
  /** Cells that SQL over the archive was asked for as well. */
  archived: number;
  /** Views that were read from fewer rows than their panes have. */
  coarse: number;
  /** Cells of windows that were cut, and so read as states. */
  open: number;
  filled: number;
  /** Groups beyond the cap, and those that are not among the highest. */
  other: number;
  others: number;
  /** Distinct values that are estimated. */
  estimated: number;
  /** Windows that a change of clocks made longer or shorter. */
  uneven: number;
  /** `aggregate window range` and `window range stage`. */
  kinds: Set<string>;
}

export const createCompared = (): Compared => ({
  ...{
    views: 0,
    cells: 0,
    archived: 0,
    coarse: 0,
    open: 0,
    filled: 0,
    other: 0,
    others: 0,
    estimated: 0,
    uneven: 0,
  },
  kinds: new Set(),
});

/** Every kind of window over every kind of range. */
const PAIRS = WINDOW_KINDS.flatMap((window) => RANGE_KINDS.map((range) => ({ window, range })));

interface Run {
  engine: Engine;
  connection: Connection;
  /** Names of aggregates; default: all. */
  aggregates?: readonly string[];
}

/**
 * Puts a world into the Store and reads views of every kind, while the tiers grow. A third of the kinds at each stage for each
 * aggregate: all of them once in a world, at another stage in the next one. Throws a Difference for the first view that is wrong.
 */
export async function runWorld(
  { engine, connection, aggregates }: Run,
  world: World,
  compared: Compared,
): Promise<void> {
  const store = engine.createClickHouseStore(connection, { aggregateOf });
  const metrics = metricsOf(world, aggregates);
  const stored = await storeWorld(store, world, metrics);
  for (const [stage, name] of STAGES.entries()) {
    await stored.enter(stage);
    for (const [i, metric] of metrics.entries()) {
      const truth = { metric, panes: foldParts(world, metric), rows: await stored.rowsOf(metric) };
      for (const [j, kinds] of PAIRS.entries()) {
        if (j % STAGES.length !== (stage + i + world.number) % STAGES.length) continue;
        const asked = randomView(world, metric, kinds);
        const about = `seed ${world.seed}, ${world.zone}, ${name}: ${JSON.stringify(requestOf(asked, metric))} as of ${asked.asOf}, settled to ${asked.cut}, of ${JSON.stringify(metric)}`;
        await compareView({ engine, connection, store, world }, truth, asked, compared).catch(
          (error: unknown) => {
            throw error instanceof Difference ? new Difference(`${error.message}\n${about}`) : error;
          },
        );
        compared.kinds.add(`${metric.aggregate.name} ${kinds.window} ${kinds.range}`);
        compared.kinds.add(`${kinds.window} ${kinds.range}, ${name}`);
      }
    }
  }
}

interface Surroundings {
  engine: Engine;
  connection: Connection;
  store: Store;
  world: World;
}

async function compareView(
  { engine, connection, store, world }: Surroundings,
  truth: Truth,
  asked: Asked,
  compared: Compared,
): Promise<void> {
  const { metric } = truth;
  const inPages = world.random() < 0.1;
  const read = await readHistory({ engine, store, inPages }, metric, asked);
  const expected = compareHistory(truth, asked, read);
  const scope = { metric, asked, windows: expected.windows, cut: read.to };
  if (expected.windows.length > 0 && isInArchive(world, scope)) {
    compareArchive(metric, await queryArchive(connection, world, scope), expected, read);
    compared.archived += expected.cells.size;
  }
  await note(store, truth, { asked, read, expected }, compared);
}

/** What is exact must be what a query over the events says. */
function compareArchive(
  metric: Metric,
  archive: ReadonlyMap<string, number>,
  { cells }: Expected,
  read: ReadHistory,
): void {
  const values = new Map(
    read.cells.map(({ window, group, values }) => [`${window} ${JSON.stringify(group)}`, values[0]!]),
  );
  const named = [...cells].filter(([key]) => !key.endsWith(' null'));
  if (archive.size !== named.length)
    throw new Difference(`${named.length} cells, of which the archive has ${archive.size}`);
  for (const [key, cell] of named) {
    const [got, wanted] = [values.get(key)!, archive.get(key)];
    if (metric.aggregate.name === 'distinct' && (wanted ?? 0) > 1_024) continue;
    const slack = slackOf(metric, cell.values)?.outputs[0] ?? 0;
    const least = metric.aggregate.name === 'rate' ? Number.EPSILON * Math.abs(got) : 0;
    if (wanted === undefined || Math.abs(got - wanted) > Math.max(slack, least))
      throw new Difference(`${key}: ${got}; the archive says ${wanted}`);
  }
}

async function note(
  store: Store,
  { metric }: Truth,
  { asked, read, expected }: { asked: Asked; read: ReadHistory; expected: Expected },
  compared: Compared,
): Promise<void> {
  const [first, last] = [expected.windows[0], expected.windows.at(-1)];
  compared.views++;
  compared.cells += read.cells.length;
  compared.open += read.cells.filter(({ form }) => form === 'state').length;
  compared.filled += read.cells.filter(({ filled }) => filled).length;
  compared.other += read.cells.filter(({ other }) => other).length;
  compared.others += read.cells.filter(({ group }) => group?.includes('__others__')).length;
  const isDistinct = metric.aggregate.name === 'distinct';
  if (isDistinct) compared.estimated += read.cells.filter(({ values }) => (values[0] ?? 0) > 1_024).length;
  if (asked.window.kind === 'calendar') {
    const lengths = new Map(expected.windows.map(({ start, end }) => [end - start, start]));
    if (asked.window.unit !== 'month') compared.uneven += lengths.size - 1;
  }
  if (first === undefined || last === undefined) return;
  // It costs a read of its own.
  if (compared.views % 4 !== 0) return;
  const panes = { metric: metric.id, version: VERSION, from: first.start, to: Math.min(last.end, read.to) };
  if (read.rows < (await store.countPanes(panes)).rows) compared.coarse++;
}
