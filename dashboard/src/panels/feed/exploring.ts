import type { MarkedTime } from '../../charts/draw/plot-state.ts';
import type { Feed } from './panel-feed.svelte.ts';

/** What a chart has that is explored, beside one on a board. */
export interface Exploring {
  /** The chosen time; null for none. */
  readonly marked: MarkedTime | null;
  /** Groups that are not drawn, as `Trace.group` has them. */
  readonly hidden: readonly string[];
  /** Takes the feed that the chart shows; null before the first one. */
  follow(feed: Feed | null): void;
  /** Takes the window that was pressed, epoch ms. */
  choose(window: { from: number; to: number }): void;
}
