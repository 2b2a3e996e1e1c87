import { expect, it, vi } from 'vitest';
import type { FillFailure } from '#contracts/protocol.ts';
import type { CommitRow } from '#contracts/rows.ts';
import type { Log } from '#platform/log/log.ts';
import type { Logger } from '#platform/process/logger.ts';
import type { Store } from '#platform/store/store.ts';
import { createFillWatch } from './fill-watch.ts';

const FOLD = { metric: 'orders', version: 3 };

function setUp() {
  let commits: CommitRow[] = [];
  let away = false;
  let failing: FillFailure | null = null;
  const readCommits = vi.fn(async () => {
    if (away) throw new Error('away');
    return commits;
  });
  const warn = vi.fn();
  const watch = createFillWatch({
    log: {
      bounds: async () => [0, 1, 2, 3].map((partition) => ({ partition, start: 0, end: 9 })),
    } as unknown as Log,
    store: { readCommits } as unknown as Store,
    logger: { warn } as unknown as Logger,
    system: { fillFailure: () => failing },
  });
  const look = async (folds = [FOLD]) => {
    watch.look(folds);
    await watch.close();
    return watch.of(FOLD);
  };
  return {
    watch,
    look,
    readCommits,
    warn,
    fill(...parts: number[]) {
      commits = parts.map(
        (part) => ({ part, facts: { active: [{ ...FOLD, backfilled: true }] } }) as unknown as CommitRow,
      );
    },
    fail(failure: FillFailure) {
      failing = failure;
    },
    leave(gone: boolean) {
      away = gone;
    },
  };
}

it('says how many partitions have their history, and nothing once all have', async () => {
  const { look, fill, watch } = setUp();
  expect(watch.of(FOLD)).toBeNull();
  fill(0, 2);
  expect(await look()).toEqual({ done: 2, of: 4 });
  fill(0, 1, 2, 3);
  expect(await look()).toBeNull();
});

it('says why the rest is not in', async () => {
  const { look, fill, fail } = setUp();
  const failure = { code: 'internal', message: 'too long', attempts: 3, next: 9 };
  fail(failure);
  fill(0);
  expect(await look()).toEqual({ done: 1, of: 4, failing: failure });
  fill(0, 1, 2, 3);
  expect(await look()).toBeNull();
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

it('forgets what nobody watches', async () => {
  const { look, fill, watch } = setUp();
  fill(0);
  await look();
  await look([]);
  expect(watch.of(FOLD)).toBeNull();
});
