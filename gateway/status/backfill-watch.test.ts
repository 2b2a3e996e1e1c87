import { expect, it, vi } from 'vitest';
import type { CommitRow } from '#contracts/log/rows.ts';
import type { Log } from '#platform/log/log.ts';
import type { Logger } from '#platform/process/reporting/logger.ts';
import type { Store } from '#platform/store/store.ts';
import { Fills } from '../core/fills.ts';
import { createFillWatch } from './backfill-watch.ts';

const FOLD = { metric: 'orders', version: 3 };
const ENDS = new Map([0, 1, 2, 3].map((partition) => [partition, 0]));

function setUp() {
  let commits: CommitRow[] = [];
  let away = false;
  let end = 0;
  const newHub = () => ({ offset: 0, fills: new Fills({ ends: ENDS, commits: [] }) });
  let hub = newHub();
  const readCommits = vi.fn(async () => {
    if (away) throw new Error('away');
    return commits;
  });
  const warn = vi.fn();
  const watch = createFillWatch({
    log: { bounds: async () => [{ partition: 0, start: 0, end }] } as unknown as Log,
    store: { readCommits } as unknown as Store,
    logger: { warn } as unknown as Logger,
    hub: () => hub,
  });
  return {
    watch,
    readCommits,
    warn,
    hub: () => hub,
    look: async (folds = [FOLD]) => {
      watch.look(folds);
      await watch.close();
      return hub.fills.of(FOLD.metric, FOLD.version);
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
      watch.changed();
    },
  };
}

it('tells the hub which partitions have their history', async () => {
  const { look, fill } = setUp();
  fill(0, 2);
  expect(await look()).toEqual({ done: 2, of: 4 });
  fill(0, 1, 2, 3);
  expect(await look()).toEqual({ done: 4, of: 4 });
});

it('reads no more once all is in, and reads again for a version of its own', async () => {
  const { look, fill, readCommits } = setUp();
  fill(0, 1, 2, 3);
  await look();
  await look();
  expect(readCommits).toHaveBeenCalledTimes(1);
  await look([FOLD, { ...FOLD, version: 4 }]);
  expect(readCommits).toHaveBeenCalledTimes(2);
});

it('keeps the last look while the Store is away, and says so in the log', async () => {
  const { look, fill, leave, warn } = setUp();
  fill(0);
  await look();
  leave(true);
  expect(await look()).toEqual({ done: 1, of: 4 });
  expect(warn).toHaveBeenCalledTimes(1);
  leave(false);
  fill(0, 1);
  expect(await look()).toEqual({ done: 2, of: 4 });
});

it('claims nothing before the hub has applied the updates that came before the look', async () => {
  const { look, fill, append, hub, watch } = setUp();
  fill(0, 1, 2, 3);
  append(7);
  hub().offset = 6;
  expect(await look()).toEqual({ done: 0, of: 4 });
  hub().offset = 7;
  watch.changed();
  expect(hub().fills.of('orders', 3)).toEqual({ done: 4, of: 4 });
});

it('tells another hub nothing of a look that was for the one before', async () => {
  const { look, fill, append, hub, join, watch, readCommits } = setUp();
  fill(0, 1, 2, 3);
  append(7);
  await look();
  join();
  hub().offset = 7;
  watch.changed();
  expect(hub().fills.of('orders', 3)).toEqual({ done: 0, of: 4 });
  expect(await look()).toEqual({ done: 4, of: 4 });
  expect(readCommits).toHaveBeenCalledTimes(2);
});
