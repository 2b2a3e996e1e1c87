import type { Log } from '#platform/log/log.ts';
import type { Store } from '#platform/store/store.ts';
import { eventually } from '../testing/eventually.ts';

const WITHIN = 90_000;

/** Resolves when everything in the events topic is committed in the Store, and stayed so for two looks. */
export async function awaitIdle(log: Log, store: Store): Promise<void> {
  let before = '';
  await eventually(
    async () => {
      const [commits, bounds] = await Promise.all([store.readCommits(), log.bounds('events')]);
      const next = new Map(commits.map((commit) => [commit.part, commit.next]));
      const open = bounds.filter(({ partition, end }) => (next.get(partition) ?? 0) !== end);
      const ends = JSON.stringify(bounds);
      const moved = ends !== before;
      before = ends;
      if (moved) await new Promise((resolve) => setTimeout(resolve, 1_000));
      return { moved, open, commits: Object.fromEntries(next) };
    },
    ({ moved, open }) => !moved && open.length === 0,
    WITHIN,
  );
}
