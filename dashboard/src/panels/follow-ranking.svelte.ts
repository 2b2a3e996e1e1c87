import type { Session } from '../app/session.svelte.ts';
import type { Feed } from './feed.svelte.ts';
import type { FigureSpan } from './figure-span.ts';
import { type Ranking, type RankOptions, rankGroups } from './rank-groups.ts';
import { sparkPath } from './spark-path.ts';

export const SPARK = { width: 44, height: 12 };

/** A list of groups as it stands. */
export interface ShownList {
  ranking: Ranking;
  span: FigureSpan;
  outputs: readonly string[];
  /** The path of the small line of a row, by its key. */
  sparks: ReadonlyMap<string, string>;
}

export interface ListInput {
  session: Session;
  feed: Feed;
  range: number;
  /** `adds` is known by the feed. */
  options: Omit<RankOptions, 'adds'>;
  sparks: boolean;
}

/**
 * Ranks the groups of a feed in the frames of the page, at most once in each and only when something changed. While the
 * page is paused the list stands; it may be ordered otherwise. For the time of a component.
 */
export function followRanking(read: () => ListInput): { readonly shown: ShownList | null } {
  let shown = $state.raw<ShownList | null>(null);
  $effect(() => {
    const { session, feed, range, options, sparks } = read();
    const { groups } = feed;
    if (groups === null) return;
    let ranked = false;
    let drawn: number[] = [];
    return session.scheduler.add({
      visible: true,
      structural: () => false,
      draw() {
        const { paused } = session.url;
        // What is settled stands while paused: the client's contents go on.
        const changed =
          (paused === null || groups.span === null) && groups.settle(paused ?? session.client.now(), range);
        if ((!changed && ranked) || groups.span === null) return;
        ranked = true;
        const ranking = rankGroups(groups.rows, { ...options, adds: groups.info?.adds !== 'nothing' });
        const lines = sparks ? sparksOf(ranking, feed, range, shown) : new Map();
        shown = { ranking, span: groups.span, outputs: groups.outputs, sparks: lines };
        // A sum shows an event at once; a closed window was filled by events of a while ago.
        if (groups.span.kind === 'sum') drawn.push(...feed.receipts.take());
      },
      painted() {
        const now = session.client.now();
        for (const received of drawn) session.delays.add(now - received);
        drawn = [];
      },
    });
  });
  return {
    get shown() {
      return shown;
    },
  };
}

/** Lines of closed windows: those of rows that had one are formed anew only when a window has closed. */
function sparksOf(
  { rows }: Ranking,
  { groups }: Feed,
  range: number,
  last: ShownList | null,
): Map<string, string> {
  const kept = last?.span.closed === groups!.span?.closed ? last?.sparks : undefined;
  return new Map(
    rows.map(({ key, series }) => [
      key,
      kept?.get(key) ?? sparkPath(groups!.history(series, range), SPARK.width, SPARK.height),
    ]),
  );
}
