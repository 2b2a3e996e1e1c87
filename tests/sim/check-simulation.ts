import type { RollUpMark } from '#contracts/log/rows.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import { PARTITIONS } from './ops.ts';
import { nameOf, readTruth, type Truth } from './oracle.ts';
import { paneKey } from './sim-store.ts';
import { SIM_TIERS } from './sim-tiers.ts';
import type { World } from './simulated-world.ts';

/** Settles the world and compares all that it left behind with the truth; the first difference, or null. */
export function checkWorld(world: World): string | null {
  world.settle();
  if (world.fault !== null) return world.fault;
  for (let p = 0; p < PARTITIONS; p++) {
    const truth = readTruth(p, world.logs[p]!.records);
    const fault =
      checkRows(world, p, truth) ??
      checkArchive(world, p, truth) ??
      checkCommit(world, p, truth) ??
      checkUpdates(world, p, truth) ??
      checkTiers(world, p, truth);
    if (fault !== null) return fault;
  }
  for (const inhabitant of world.inhabitants) {
    const fault = inhabitant.check();
    if (fault !== null) return fault;
  }
  return null;
}

function checkRows(world: World, p: number, truth: Truth): string | null {
  const parts = [String(p), `~${p}`, `+${p}`];
  const found = [...world.store.panes.values()].filter(
    (row) => parts.includes(row.part) && isWhole(truth, row),
  );
  const sums = new Map(found.map((row) => [paneKey(row), row.state.nums[0]!]));
  return difference(`rows of ${p}`, sums, truth.rows);
}

/** Nothing is promised for a version that was abandoned. */
const isWhole = (truth: Truth, of: { metric: string; version: number }): boolean =>
  truth.whole.has(nameOf(of));

function checkArchive(world: World, p: number, truth: Truth): string | null {
  const rows = [...world.store.archive.values()].filter((row) => row.part === p);
  const found = new Map(rows.map((row) => [`${row.offset} ${row.index}`, `${row.ts} ${row.watermark}`]));
  return difference(`archive of ${p}`, found, truth.archive);
}

function checkCommit(world: World, p: number, truth: Truth): string | null {
  const commit = world.store.commits.get(p);
  if (commit === undefined) return `no commit of ${p}`;
  const { facts, next } = commit;
  const { rejected: _, imported = 0, ...counters } = facts.counters;
  const found = new Map<string, unknown>([
    ['next', next],
    ['watermark', facts.watermark],
    ['imported', imported],
    ...Object.entries(counters),
  ]);
  const wanted = new Map<string, unknown>([
    ['next', world.logs[p]!.records.length],
    ['watermark', truth.watermark],
    ...Object.entries(truth.counters),
  ]);
  const active = facts.active.map((a) => `${nameOf(a)} ${a.activation}`).sort();
  const begun = [...truth.whole].map(([name, { from }]) => `${name} ${from}`).sort();
  if (active.join() !== begun.join()) return `active in ${p}: ${active}, expected ${begun}`;
  if (facts.active.some((a) => !a.backfilled)) return `a back-fill of ${p} is not recorded`;
  for (const { metric, added } of facts.active) {
    const isWhole =
      (added?.imports ?? 0) === (facts.imports ?? 0) && added?.late?.below === added?.late?.filled;
    if (!isWhole) return `added events of ${metric} in ${p} are not recorded: ${JSON.stringify(added)}`;
  }
  return difference(`facts of ${p}`, found, wanted);
}

/** A reader of all updates from the first on, newer ones replacing older ones, must end with what the Store holds. */
function checkUpdates(world: World, p: number, truth: Truth): string | null {
  const newest = new Map<string, { next: number; sum: number }>();
  for (const update of world.updates) {
    if (update.kind !== 'cells' || !isWhole(truth, update)) continue;
    for (const cell of update.cells) {
      if (cell.part !== String(p)) continue;
      const key = paneKey({ ...update, ...cell });
      if ((newest.get(key)?.next ?? -1) <= cell.next)
        newest.set(key, { next: cell.next, sum: cell.state.nums[0]! });
    }
  }
  const sums = new Map([...newest].map(([key, { sum }]) => [key, sum]));
  const wanted = new Map([...truth.rows].filter(([key]) => !/[~+]/.test(key)));
  return difference(`updates of ${p}`, sums, wanted);
}

/** The tiers are what a direct merge of the panes gives, as far as their marks are; and these are where nothing can change any more. */
function checkTiers({ store }: World, p: number, truth: Truth): string | null {
  const own = (mark: RollUpMark): boolean => mark.partition === p && isWhole(truth, mark);
  const fault = store.tiers.check(store.commits, own);
  if (fault !== null || truth.watermark === null) return fault;
  for (const { metric } of truth.whole.values()) {
    for (const { size } of SIM_TIERS) {
      const final = floorTo(truth.watermark - metric.lateness, size);
      const name = nameOf({ metric: metric.id, version: metric.version });
      const mark = store.tiers.marks.get(`${name} ${p} ${size}`);
      if (mark?.upto !== final)
        return `${name} of ${p} in panes of ${size}: marked ${mark?.upto}, expected ${final}`;
    }
  }
  return null;
}

function difference<T>(what: string, found: Map<string, T>, wanted: Map<string, T>): string | null {
  for (const key of new Set([...found.keys(), ...wanted.keys()])) {
    if (found.get(key) !== wanted.get(key))
      return `${what}, ${key}: found ${found.get(key)}, expected ${wanted.get(key)}`;
  }
  return null;
}
