import { expect, it, vi } from 'vitest';
import type { CommitRow } from '#contracts/log/rows.ts';
import type { Log } from '#platform/log/log.ts';
import type { Logger } from '#platform/process/reporting/logger.ts';
import type { Store } from '#platform/store/store.ts';
import { KnownBackfills } from '../core/known-backfills.ts';
import { createBackfillStatus } from './backfill-status.ts';

const FOLD = { metric: 'orders', version: 3 };
const PARTITIONS = 4;

function setUp() {
  let commits: CommitRow[] = [];
  let away = false;
  let end = 0;
  const newHub = () => ({
    offset: 0,
    backfills: new KnownBackfills({ partitions: PARTITIONS, commits: [] }),
  });
  let hub = newHub();
  const readCommits = vi.fn(async () => {
    if (away) throw new Error('away');
    return commits;
  });
  const warn = vi.fn();
  const status = createBackfillStatus({
    log: { bounds: async () => [{ partition: 0, start: 0, end }] } as unknown as Log,
    store: { readCommits } as unknown as Store,
    logger: { warn } as unknown as Logger,
    system: { backfillFailure: () => null },
    hub: () => hub,
  });
  return {
    status,
    readCommits,
    warn,
    hub: () => hub,
    refresh: async (folds = [FOLD]) => {
      status.refresh(folds);
      await status.close();
      return hub.backfills.of(FOLD.metric, FOLD.version);
    },
    fill(...parts: number[]) {
      commits = parts.map(
        (part) => ({ part, facts: { active: [{ ...FOLD, backfilled: true }] } }) as unknown as CommitRow,
      );
    },
    leave(gone: boolean) {
      away = gone;
    },
    append(to: number) {
      end = to;
    },
    join() {
      hub = newHub();
      status.changed();
    },
  };
}

it('tells the hub which partitions have their history', async () => {
  const { refresh, fill } = setUp();
  fill(0, 2);
  expect(await refresh()).toEqual({ done: 2, of: 4 });
  fill(0, 1, 2, 3);
  expect(await refresh()).toEqual({ done: 4, of: 4 });
});

it('a view that is about to answer waits for what the commit rows say', async () => {
  const { status, fill, hub } = setUp();
  fill(0, 1, 2, 3);
  await status.refreshed(FOLD);
  expect(hub().backfills.of('orders', 3)).toEqual({ done: 4, of: 4 });
});

it('reads nothing once all is in, and reads again for a version of its own', async () => {
  const { refresh, fill, readCommits } = setUp();
  fill(0, 1, 2, 3);
  await refresh();
  await refresh();
  expect(readCommits).toHaveBeenCalledTimes(1);
  await refresh([FOLD, { ...FOLD, version: 4 }]);
  expect(readCommits).toHaveBeenCalledTimes(2);
});

it('keeps what it read last while the Store is away, and says so in the log', async () => {
  const { refresh, fill, leave, warn } = setUp();
  fill(0);
  await refresh();
  leave(true);
  expect(await refresh()).toEqual({ done: 1, of: 4 });
  expect(warn).toHaveBeenCalledTimes(1);
  leave(false);
  fill(0, 1);
  expect(await refresh()).toEqual({ done: 2, of: 4 });
});

it('claims nothing before the hub has applied the updates that came before the read', async () => {
  const { refresh, fill, append, hub, status } = setUp();
  fill(0, 1, 2, 3);
  append(7);
  hub().offset = 6;
  expect(await refresh()).toEqual({ done: 0, of: 4 });
  hub().offset = 7;
  status.changed();
  expect(hub().backfills.of('orders', 3)).toEqual({ done: 4, of: 4 });
});

it('passes no read that was for an earlier hub to its replacement', async () => {
  const { refresh, fill, append, hub, join, status, readCommits } = setUp();
  fill(0, 1, 2, 3);
  append(7);
  await refresh();
  join();
  hub().offset = 7;
  status.changed();
  expect(hub().backfills.of('orders', 3)).toEqual({ done: 0, of: 4 });
  expect(await refresh()).toEqual({ done: 4, of: 4 });
  expect(readCommits).toHaveBeenCalledTimes(2);
});
