import type { ViewContents } from '#contracts/view/frame.ts';
import type { Refusal } from '#contracts/view/protocol.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import type { Session } from '../../app/session.svelte.ts';
import { type RangeFigure, rangeFigureOf } from './range-figure.ts';

/** The figure of a stat, kept up to date. */
export interface FollowedFigure {
  /** Null before it is known. */
  readonly figure: RangeFigure | null;
  readonly refusal: Refusal | null;
  /** Shows what arrived while the page was paused. */
  catchUp(): void;
  close(): void;
}

/** Subscribes to the one value of a view; while the page is paused the figure stands still. */
export function followFigure(
  request: ViewRequest,
  outputs: readonly string[],
  session: Session,
): FollowedFigure {
  let figure = $state.raw<RangeFigure | null>(null);
  let refusal = $state.raw<Refusal | null>(null);
  let info: ViewInfo | null = null;
  let newest: ViewContents | null = null;

  function show(): void {
    if (info === null || newest === null) return;
    const next = rangeFigureOf(info, newest, outputs);
    // Most frames change other views: readers run again only for another figure.
    if (JSON.stringify(next) !== JSON.stringify(figure)) figure = next;
  }

  const subscription = session.client.subscribe(request, {
    onInfo(next) {
      info = next;
    },
    onRefused(reason) {
      refusal = reason;
    },
    onChange(contents) {
      newest = contents;
      refusal = null;
      if (session.held === null || figure === null) show();
    },
  });
  return {
    get figure() {
      return figure;
    },
    get refusal() {
      return refusal;
    },
    catchUp: show,
    close: () => subscription.close(),
  };
}
