import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CommitRow } from '#contracts/log/rows.ts';
import { hashId } from '../dedup/hash-id.ts';
import { createIdWindow } from '../dedup/id-window.ts';
import { IDS_A_READ, restoreIds } from './restore-ids.ts';
import { FIRST_FACTS } from './restore-partition.ts';
import type { RestoredId } from './restore-read.ts';

const KEY = { k0: 3, k1: 4 };

/** `sizes`: ids of each block. Answers reads as the Store does, and records how many rows each returned. */
function run(sizes: readonly number[], limit: number, from: number) {
  const rows: RestoredId[] = sizes.flatMap((size, offset) =>
    Array.from({ length: size }, (_, index) => ({
      key: null,
      id: `${offset}/${index}`,
      offset,
      index,
      ts: 5,
    })),
  );
  const facts = {
    ...FIRST_FACTS,
    ids: { from, after: null },
    settings: { ...FIRST_FACTS.settings, ids: limit },
  };
  const commit: CommitRow = { part: 0, next: sizes.length, identity: 'log', facts };
  const reads: number[] = [];
  const restore = restoreIds(commit, KEY);
  let step = restore.next();
  while (!step.done) {
    const read = step.value;
    let answer: RestoredId[] = [];
    if (read.read === 'ids') {
      answer = rows.filter((row) => row.offset < read.before).slice(-read.limit);
      reads.push(answer.length);
    }
    step = restore.next(answer);
  }
  return { window: step.value, rows, reads };
}

it('remembers the newest ids up to the cap, in reads of bounded size, however blocks lie', () => {
  const block = fc.oneof(fc.nat(400), fc.integer({ min: 30_000, max: 60_000 }));
  fc.assert(
    fc.property(
      fc.array(block, { maxLength: 8 }),
      fc.constantFrom(10, 40_000, 1_000_000),
      fc.nat(3),
      (sizes, limit, from) => {
        const { window, rows, reads } = run(sizes, limit, from);
        const live = rows.slice(-limit).filter((row) => row.offset >= from);
        const whole = createIdWindow({ from, after: null });
        for (const [i, { id, ts, offset }] of live.entries()) {
          const { a, b } = hashId(KEY, null, id);
          whole.addIfNew(a, b, ts);
          if (live[i + 1]?.offset !== offset)
            whole.closeBlock(offset, null, { ...FIRST_FACTS.settings, ids: limit });
        }
        expect(window.live).toBe(whole.live);
        expect(window.bounds).toEqual(whole.bounds);
        for (const { id } of rows.slice(-20)) {
          const { a, b } = hashId(KEY, null, id);
          expect(window.addIfNew(a, b, 5)).toBe(whole.addIfNew(a, b, 5));
        }
        // Twice only where one block alone is larger than a read.
        expect(Math.max(0, ...reads)).toBeLessThanOrEqual(2 * IDS_A_READ);
      },
    ),
    { numRuns: 15 },
  );
});
