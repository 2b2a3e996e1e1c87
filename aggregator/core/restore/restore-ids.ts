import type { CommitRow } from '#contracts/log/rows.ts';
import { type HashKey, hashId } from '../dedup/hash-id.ts';
import { createIdWindow, type IdWindow, readIdsAfter } from '../dedup/id-window.ts';
import type { RestoredId, RestoreRead } from './restore-read.ts';

/** Ids of one read: as texts they take ten times the room of their hashes, so never all at once. */
export const IDS_A_READ = 50_000;

/** The hashed ids of one read, in the order of the log. */
interface Page {
  a: Uint32Array;
  b: Uint32Array;
  ts: Float64Array;
  offset: Float64Array;
}

/** Reads the live ids of the commit back, newest first, and admits them oldest first, as the fold did. */
export function* restoreIds(commit: CommitRow, key: HashKey): Generator<RestoreRead, IdWindow, unknown> {
  const { watermark, settings, ids } = commit.facts;
  const window = createIdWindow(ids);
  const pages = yield* readPages(commit, key);
  // Oldest first, and each is released as soon as it is admitted.
  for (let page = pages.pop(); page !== undefined; page = pages.pop()) {
    for (let i = 0; i < page.ts.length; i++) {
      const offset = page.offset[i]!;
      window.addIfNew(page.a[i]!, page.b[i]!, page.ts[i]!);
      // No block is on two pages.
      if (page.offset[i + 1] !== offset) window.closeBlock(offset, watermark, settings);
    }
    yield { read: 'turn' };
  }
  return window;
}

function* readPages({ next, facts }: CommitRow, key: HashKey): Generator<RestoreRead, Page[], unknown> {
  const after = readIdsAfter(facts.ids);
  const pages: Page[] = [];
  let before = next;
  let size = IDS_A_READ;
  for (let left = facts.settings.ids; left > 0; ) {
    const limit = Math.min(left, size);
    const rows = (yield { read: 'ids', before, after, limit }) as RestoredId[];
    const isLast = rows.length < limit || limit === left;
    // A full read may begin inside a block, which then comes whole with the next one.
    const whole = isLast ? rows : rows.filter((row) => row.offset > rows[0]!.offset);
    const wanted = whole.filter((row) => row.offset >= facts.ids.from);
    if (wanted.length > 0) pages.push(hashPage(wanted, key));
    if (isLast || wanted.length < whole.length) break;
    left -= whole.length;
    // One block that is larger than a read.
    if (whole.length === 0) size *= 2;
    else before = whole[0]!.offset;
  }
  return pages;
}

function hashPage(rows: readonly RestoredId[], key: HashKey): Page {
  const hashes = rows.map((row) => hashId(key, row.key, row.id));
  return {
    a: Uint32Array.from(hashes, ({ a }) => a),
    b: Uint32Array.from(hashes, ({ b }) => b),
    ts: Float64Array.from(rows, ({ ts }) => ts),
    offset: Float64Array.from(rows, ({ offset }) => offset),
  };
}
