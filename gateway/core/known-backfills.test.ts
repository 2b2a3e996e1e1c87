import { expect, it } from 'vitest';
import type { CommitRow } from '#contracts/log/rows.ts';
import { KnownBackfills } from './known-backfills.ts';

const PARTITIONS = 2;
const report = (part: string, version = 3) => ({
  kind: 'backfilled' as const,
  metric: 'orders',
  version,
  part,
  activation: 0,
});

it('counts each partition once, of the version that was reported', () => {
  const commit = { part: 0, facts: { active: [{ metric: 'orders', version: 3, backfilled: true }] } };
  const backfills = new KnownBackfills({
    partitions: PARTITIONS,
    commits: [commit as unknown as CommitRow],
  });
  expect(backfills.of('orders', 3)).toEqual({ done: 1, of: 2 });
  backfills.apply(report('~0'));
  backfills.apply(report('~1', 4));
  // Imported and late events of a partition are no back-fill of it.
  backfills.apply(report('+1'));
  expect(backfills.of('orders', 3)).toEqual({ done: 1, of: 2 });
  backfills.apply(report('~1'));
  expect(backfills.of('orders', 3)).toEqual({ done: 2, of: 2 });
});

it('says why the rest is not in, and nothing of it once all is', () => {
  const failure = { code: 'internal', message: 'too long', attempts: 3, next: 9 };
  const backfills = new KnownBackfills({ partitions: PARTITIONS, commits: [], failureOf: () => failure });
  expect(backfills.of('orders', 3)).toEqual({ done: 0, of: 2, failing: failure });
  backfills.apply(report('~0'));
  backfills.apply(report('~1'));
  expect(backfills.of('orders', 3)).toEqual({ done: 2, of: 2 });
});

it('forgets what was reported first where there is too much', () => {
  const backfills = new KnownBackfills({ partitions: PARTITIONS, commits: [] });
  for (let version = 0; version <= 10_000; version++) backfills.apply(report('~0', version));
  expect(backfills.of('orders', 0)).toEqual({ done: 0, of: 2 });
  expect(backfills.of('orders', 10_000)).toEqual({ done: 1, of: 2 });
});
