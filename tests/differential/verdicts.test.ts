import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ArchivedEvent } from '#contracts/event/event-page.ts';
import type { EventPosition } from '#contracts/event/event-position.ts';
import type { ArchiveRow, CommitRow, PaneRow } from '#contracts/log/rows.ts';
import { EXPLANATION, type Explanation } from '#contracts/metric/explanation.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import type { MetricVerdict } from '#contracts/metric/verdict.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import {
  type ArchivedJudgement,
  archivedVerdicts,
  eventOf,
  judgeArchived,
} from '#gateway/routes/verdict/archived-verdicts.ts';
import { type KnownFold, knownFold } from '#gateway/routes/verdict/known-folds.ts';
import { rowPart } from '#platform/store/judged-events.ts';
import type { Store } from '#platform/store/store.ts';
import { compareStates, expectNear, slackOf } from './compare-rows.ts';
import { drive } from './drive.ts';
import { type Stack, startStack } from './stack.ts';

/*
 * What is said of events against what the fold did with them, on a generated workload with disorder, repeats, wrong types and caps.
 * `DIFFERENTIAL_SEED=123 npx vitest run tests/differential/verdicts.test.ts` repeats a run.
 */

const SEED = Number(process.env.DIFFERENTIAL_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** Cells that are explained. */
const EXPLAINED = 20;

let data: string;
let stack: Stack | null = null;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'millrace-verdicts-'));
});
afterEach(async () => {
  await stack?.close();
  await rm(data, { recursive: true, force: true });
});

/** What one metric made of one event: the judgement, and how the verdict tells it. */
interface Judged {
  row: ArchiveRow;
  fold: KnownFold;
  judgement: ArchivedJudgement;
  verdict: MetricVerdict;
}

it(`verdicts and explanations say what the fold did (DIFFERENTIAL_SEED=${SEED})`, async () => {
  stack = await startStack(data);
  const driven = await drive(
    SEED,
    stack,
    () => startStack(data),
    (next) => (stack = next),
  );
  const commits = await stack.settled(driven.metrics);
  const folds = foldsIn(commits);
  const judged = await judgeAll(stack.store, folds, commits);
  let cells = 0;
  for (const fold of folds) cells += await compareCells(stack.store, fold, judged);
  expect(cells).toBeGreaterThan(200);
  compareCounters(judged, commits);
  await explainSome(stack.url, judged, driven.random);
}, 240_000);

function foldsIn(commits: readonly CommitRow[]): KnownFold[] {
  return commits[0]!.facts.active.map(({ metric, version, definition }) => {
    const fold = knownFold(metric, { version, body: definition });
    if (fold === null) throw new Error(`${metric} cannot be read.`);
    return fold;
  });
}

async function readArchive(store: Store): Promise<ArchiveRow[]> {
  const rows: ArchiveRow[] = [];
  for (let before: EventPosition | undefined; ; ) {
    const page = await store.readEvents({ where: [], limit: 1_000, rows: 1e9, before });
    rows.push(...page.events);
    if (page.next === null) return rows.sort((a, b) => a.offset - b.offset || a.index - b.index);
    before = page.next;
  }
}

async function judgeAll(
  store: Store,
  folds: readonly KnownFold[],
  commits: readonly CommitRow[],
): Promise<Judged[]> {
  const rows = await readArchive(store);
  const events = rows.map(eventOf);
  const verdicts = await archivedVerdicts(rows, { folds, commits }, { store, mustGoOn() {} });
  return rows.flatMap((row, r) =>
    folds.map((fold, f) => {
      const commit = commits.find(({ part }) => part === row.part);
      const judgement = judgeArchived({ row, event: events[r]! }, fold, commit);
      return { row, fold, judgement, verdict: verdicts[r]!.metrics[f]! };
    }),
  );
}

/** The group that a verdict names, as cells have it. */
function groupOf({ fold, judgement, verdict }: Judged): string[] {
  const { groupBy } = fold.compiled.metric;
  const group = groupBy.map((dimension) => verdict.group![dimension]!);
  if (group.length > 0) expect(verdict.merged, JSON.stringify(verdict)).not.toBeNull();
  expect(verdict.merged ?? false).toBe(JSON.stringify(group) !== JSON.stringify(judgement.group));
  return group;
}

/** Adds what the verdicts say counts, and compares the states with those of the fold. Returns how many cells there are. */
async function compareCells(store: Store, fold: KnownFold, all: readonly Judged[]): Promise<number> {
  const { metric, aggregate } = fold.compiled;
  const cells = new Map<string, { row: Omit<PaneRow, 'state'>; state: unknown; values: unknown[] }>();
  for (const one of all) {
    const { judgement, row } = one;
    if (one.fold !== fold || judgement.part === undefined) continue;
    const part = rowPart(row, judgement.part);
    const named = { pane: judgement.pane!, group: groupOf(one), part };
    const key = JSON.stringify(named);
    const cell = cells.get(key) ?? {
      row: { metric: metric.id, version: fold.version, ...named, next: 0 },
      ...{ state: aggregate.create(), values: [] },
    };
    cells.set(key, cell);
    // What a sequence adds follows from all of its events.
    if (aggregate.sequence === undefined) aggregate.add(cell.state, judgement.value, row);
    cell.values.push(judgement.value);
  }
  const range = { metric: metric.id, version: fold.version, from: 0, to: Number.MAX_SAFE_INTEGER };
  const stored = await store.readPanes(range);
  const nameOf = ({ pane, group, part }: PaneRow): string => JSON.stringify({ pane, group, part });
  if (aggregate.sequence !== undefined) {
    // It may be in a part where the event is not.
    expect(stored.map(nameOf), metric.id).toEqual(expect.arrayContaining([...cells.keys()]));
    return stored.length;
  }
  expect([...cells.keys()].sort(), metric.id).toEqual(stored.map(nameOf).sort());
  for (const row of stored) {
    const { state, values } = cells.get(nameOf(row))!;
    compareStates(row, { ...row, state: aggregate.encode(state) }, slackOf(metric, values), nameOf(row));
  }
  return stored.length;
}

/** The fold counts what it looked at: what came after the activation. */
function compareCounters(all: readonly Judged[], commits: readonly CommitRow[]): void {
  for (const { part, facts } of commits) {
    const looked = all.filter(({ row, fold }) => {
      const { id } = fold.compiled.metric;
      const active = facts.active.find(({ metric }) => metric === id)!;
      return row.part === part && row.offset >= active.activation;
    });
    const late = looked.filter(({ verdict }) => verdict.outcome === 'late');
    const skipped = looked.filter(({ verdict }) => verdict.outcome === 'skipped');
    const told = skipped.length + countBeyond(all, looked);
    expect(told, `skipped of ${part}`).toBe(facts.counters.skipped);
    expect(new Set(late.map(({ row }) => row)).size, `late of ${part}`).toBe(facts.counters.late);
  }
}

/** Those of some events that are beyond the bounds of sequences, of which verdicts do not speak: of each minute those count that come first. */
function countBeyond(all: readonly Judged[], looked: readonly Judged[]): number {
  const ofSequences = all.filter(
    ({ row, fold, judgement }) =>
      fold.compiled.aggregate.sequence !== undefined && judgement.part !== undefined && !row.imported,
  );
  const minutes = Map.groupBy(ofSequences, ({ row, fold, judgement }) => {
    const { id } = fold.compiled.metric;
    return JSON.stringify([id, row.part, judgement.group, row.key, Math.floor(row.ts / 60_000)]);
  });
  const beyond = [...minutes.values()].flatMap((own) =>
    own.slice(own[0]!.fold.compiled.aggregate.sequence!.bounds.points),
  );
  const counted = new Set(looked);
  return beyond.filter((one) => counted.has(one)).length;
}

/** Explains some cells over HTTP: their events are those of the verdicts, and give the cell's values. */
async function explainSome(url: string, all: readonly Judged[], random: () => number): Promise<void> {
  const counted = all.filter(({ judgement }) => judgement.part !== undefined);
  for (let i = 0; i < EXPLAINED; i++) {
    const some = counted[Math.floor(random() * counted.length)]!;
    const { metric, aggregate } = some.fold.compiled;
    const from = Math.floor(some.row.ts / metric.window) * metric.window;
    const group = random() < 0.7 ? groupOf(some) : null;
    const isIn = (one: Judged): boolean =>
      one.fold === some.fold &&
      one.row.ts >= from &&
      one.row.ts < from + metric.window &&
      (group === null || JSON.stringify(groupOf(one)) === JSON.stringify(group));
    const expected = counted.filter(isIn);
    const { explanation, events } = await explain(url, metric, { from, group });
    const about = `${metric.id} ${from} ${group}`;
    expect(explanation.count, about).toBe(expected.length);
    expect(events.map(placeOf).sort(), about).toEqual(expected.map(({ row }) => placeOf(row)).sort());
    if (aggregate.sequence !== undefined) continue;
    const state = aggregate.create();
    for (const event of events) aggregate.add(state, addedBy(some.fold, event), positionOf(event));
    const values = aggregate.value(state, metric.aggregate, metric.window);
    const slack =
      slackOf(
        metric,
        expected.map(({ judgement }) => judgement.value),
      )?.outputs ?? [];
    for (const [o, output] of aggregate.outputs(metric.aggregate).entries()) {
      const [found, own] = [explanation.values?.[output] ?? null, values[o]!];
      // JSON has no infinite numbers.
      if (own === null || !Number.isFinite(own)) expect(found, about).toBeNull();
      else expectNear(found!, own, slack[o] ?? 0, about);
    }
  }
}

async function explain(
  url: string,
  { id, groupBy }: Metric,
  { from, group }: { from: number; group: readonly string[] | null },
): Promise<{ explanation: Explanation; events: ArchivedEvent[] }> {
  const events: ArchivedEvent[] = [];
  for (let cursor = ''; ; ) {
    const named = group === null ? null : Object.fromEntries(groupBy.map((d, i) => [d, group[i]!]));
    const query = new URLSearchParams({
      ...{ window: String(from), limit: '1000', cursor },
      ...(named === null ? {} : { group: JSON.stringify(named) }),
    });
    const answer = await fetch(`${url}/v1/metrics/${id}/explain?${query}`);
    const read = readAs(EXPLANATION, await answer.json(), { code: 'wrong_type' });
    if (!read.ok) throw new Error(read.fault.message);
    events.push(...read.value.events);
    if (read.value.next === null) return { explanation: read.value, events };
    cursor = read.value.next;
  }
}

const positionOf = ({ timestamp, position }: ArchivedEvent): EventPosition => ({
  ts: timestamp,
  part: position.partition,
  offset: position.offset,
  index: position.index,
});

function placeOf(event: ArchivedEvent | ArchiveRow): string {
  const { part, offset, index } = 'position' in event ? positionOf(event) : event;
  return `${part}/${offset}/${index}`;
}

const addedBy = ({ judge }: KnownFold, { timestamp: ts, ...event }: ArchivedEvent) =>
  judge({ ...event, ts }, null).value;
