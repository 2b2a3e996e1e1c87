import type { Panel } from '#contracts/board/panel.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import type { Session } from '../../app/session.svelte.ts';
import type { PageRange } from '../../range/page-range.ts';
import { rangeLabel } from '../../range/range-label.ts';
import type { FigureSpan } from '../feed/figure-span.ts';
import type { GroupFigures } from '../feed/group-figures.ts';
import type { Feed } from '../feed/panel-feed.svelte.ts';
import type { PanelCondition } from '../feed/panel-state.ts';
import { type Ranking, type RankOptions, rankGroups } from './rank-groups.ts';
import { mergeWindows, sparkPath } from './spark-path.ts';

export const SPARK = { width: 44, height: 12 };
/** More points than this on 44 px are noise. */
const POINTS = 30;

/** A list of groups as it is shown. */
export interface ShownList {
  ranking: Ranking;
  span: FigureSpan;
  outputs: readonly string[];
  /** What the figures are of: the metric, and the range by its name. */
  info: ViewInfo;
  range: string;
  /** The path of the small line of a row, by its key. */
  sparks: ReadonlyMap<string, string>;
}

export interface ListInput {
  session: Session;
  feed: Feed;
  range: PageRange;
  /** `adds` and `ranked` are known by the feed. */
  options: Omit<RankOptions, 'adds' | 'ranked'>;
  sparks: boolean;
}

/**
 * Ranks the groups of a feed in the frames of the page, at most once in each and only when something changed. While the
 * page is paused the list keeps its figures; its order may still change. Ends when the component is destroyed.
 */
export function followRanking(read: () => ListInput): { readonly shown: ShownList | null } {
  let shown = $state.raw<ShownList | null>(null);
  $effect(() => {
    const { session, feed, range, options, sparks } = read();
    const { groups } = feed;
    const { formats } = session;
    if (groups === null) return;
    let ranked = false;
    // Lines belong to this feed and range: the effect begins without any.
    let lines: Lines = { closed: 0, paths: new Map() };
    let drawn: number[] = [];
    return session.scheduler.add({
      visible: true,
      structural: () => false,
      draw() {
        const { from, to } = feed.times();
        // Figures do not change while paused, but the client's contents do.
        const changed = (session.held === null || groups.span === null) && groups.refresh(to, to - from);
        if ((!changed && ranked) || groups.span === null || groups.info === null) return;
        ranked = true;
        const ranking = rankGroups(groups.rows, {
          ...options,
          adds: groups.info.adds !== 'nothing',
          ranked: groups.ranked,
        });
        if (sparks) lines = linesOf(ranking, groups, groups.span.closed, to - from, lines);
        shown = {
          ranking,
          span: groups.span,
          outputs: groups.outputs,
          info: groups.info,
          range: rangeLabel(range, session.client.now(), formats),
          sparks: lines.paths,
        };
        // A sum shows an event at once; a closed window was filled by events of a while ago.
        if (groups.span.kind === 'sum') drawn.push(...feed.receipts.drain());
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

/** The small lines of a list, and the end of the newest window that they show. */
interface Lines {
  closed: number;
  paths: ReadonlyMap<string, string>;
}

/** Lines are of closed windows: a row that had one keeps it until the next window has closed. */
function linesOf({ rows }: Ranking, groups: GroupFigures, closed: number, range: number, last: Lines): Lines {
  const kept = last.closed === closed ? last.paths : new Map<string, string>();
  const path = (series: number): string => {
    const values = groups.history(series, range);
    const shown = groups.info?.adds === 'windows' ? mergeWindows(values, POINTS) : values;
    return sparkPath(shown, SPARK.width, SPARK.height);
  };
  return { closed, paths: new Map(rows.map(({ key, series }) => [key, kept.get(key) ?? path(series)])) };
}

/** What the bodies of panels that list groups are given. */
export interface ListBodyProps {
  session: Session;
  feed: Feed;
  panel: Panel;
  range: PageRange;
  condition: PanelCondition;
  title: string;
  /** Called with the caption for the header: what the figures are of. */
  oncaption: (caption: string) => void;
}
