import { describe, expect, it } from 'vitest';
import { type CommitterLimits, createCommitter } from './committer.ts';
import { openLocalPartition } from './local-partition.ts';
import { createMemoryStorage } from './memory-storage.ts';
import type { PartitionWrite, Storage } from './storage.ts';

type Commit = (writes: readonly PartitionWrite[], write: () => Promise<void>) => Promise<void>;

/** A committer on a storage whose commits run through `commit`, which may delay, fail, or write and then fail. */
function setUp(commit: Commit, limits: Partial<CommitterLimits> = {}) {
  const memory = createMemoryStorage();
  const storage: Storage = { ...memory, commit: (writes) => commit(writes, () => memory.commit(writes)) };
  const committer = createCommitter(storage, {
    commitBytes: 100,
    pendingBytes: 1_000,
    deadline: 60_000,
    ...limits,
  });
  const partition = openLocalPartition(storage, 'events', 0);
  const append = (...texts: string[]) =>
    committer.submit({ partition, append: texts.map((t) => Buffer.from(t)) });
  const stored = () =>
    Array.from({ length: partition.state.end }, (_, i) =>
      Buffer.from(memory.read('events', 0, i)!).toString(),
    );
  return { committer, partition, append, stored };
}

describe('createCommitter', () => {
  it('shows nothing before the storage has it', async () => {
    const gate = Promise.withResolvers<void>();
    let begun = false;
    const { partition, append } = setUp(async (_, write) => {
      begun = true;
      await write();
      await gate.promise;
    });
    const first = append('a');
    await expect.poll(() => begun).toBe(true);
    expect(partition.state.end).toBe(0);
    gate.resolve();
    expect(await first).toBe(0);
    expect(partition.state).toEqual({ start: 0, end: 1, bytes: 1, released: null });
  });

  it('gathers the appends during a commit into the next, bounded by bytes', async () => {
    const groups: number[] = [];
    const { append } = setUp(
      async (writes, write) => {
        groups.push(writes.reduce((sum, w) => sum + w.records.length, 0));
        await write();
      },
      { commitBytes: 3 },
    );
    const all = ['a', 'b', 'c', 'd', 'eeeee', 'f'].map((text) => append(text));
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(groups).toEqual([3, 1, 1, 1]);
  });

  it('refuses at once what is more than may wait, and takes it later', async () => {
    const gate = Promise.withResolvers<void>();
    const { append } = setUp(
      async (_, write) => {
        await gate.promise;
        await write();
      },
      { pendingBytes: 4 },
    );
    const first = append('abcd');
    await expect(append('e')).rejects.toMatchObject({ code: 'overloaded' });
    gate.resolve();
    await first;
    expect(await append('e')).toBe(1);
  });

  it('rejects the appends of a failed commit, gives no offset that may be stored twice, and goes on', async () => {
    const outcomes: ('fails' | 'is written but fails' | 'works')[] = ['fails', 'is written but fails'];
    const { append, stored } = setUp(async (_, write) => {
      const outcome = outcomes.shift();
      if (outcome !== 'fails') await write();
      if (outcome !== undefined) throw new Error('no space left');
    });
    await expect(append('lost')).rejects.toMatchObject({
      code: 'log_unavailable',
      message: expect.stringContaining('no space left'),
    });
    await expect(append('doubtful')).rejects.toMatchObject({ code: 'log_unavailable' });
    expect(await append('after')).toBe(1);
    expect(stored()).toEqual(['doubtful', 'after']);
  });

  it('rejects everything that waits when the disk does not answer in time, and recovers with it', async () => {
    const gate = Promise.withResolvers<void>();
    const { append, stored } = setUp(
      async (_, write) => {
        await gate.promise;
        await write();
      },
      { deadline: 10, commitBytes: 1 },
    );
    const settled = await Promise.allSettled([append('a'), append('b')]);
    for (const { status } of settled) expect(status).toBe('rejected');
    await expect(append('c')).rejects.toMatchObject({ code: 'log_unavailable' });
    gate.resolve();
    expect(await append('d')).toBe(1);
    expect(stored()).toEqual(['a', 'd']);
  });

  it('keeps the highest release and counts what is dropped', async () => {
    const { append, committer, partition } = setUp((_, write) => write());
    await append('aa', 'bbb', 'c');
    await Promise.all([5, 2].map((release) => committer.submit({ partition, release })));
    await committer.submit({ partition, drop: { before: 2, bytes: 5 } });
    expect(partition.state).toEqual({ start: 2, end: 3, bytes: 1, released: 5 });
    await committer.drain();
  });
});
