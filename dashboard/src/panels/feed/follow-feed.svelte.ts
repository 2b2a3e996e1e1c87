import { untrack } from 'svelte';
import type { Panel } from '#contracts/board/panel.ts';
import { asksForKey } from '../../app/page-key.ts';
import type { Session } from '../../app/session.svelte.ts';
import type { ColorSlots } from '../../charts/ink/color-slots.ts';
import type { PageRange } from '../../range/page-range.ts';
import { createFeed, type Feed } from './panel-feed.svelte.ts';
import { figureRequestOf, type PageTime, rangeOf, requestOf } from './request.ts';

/** How often a view is requested again that the client does not retry by itself: its metric may be defined or changed, ms. */
const ASK_AGAIN = 5_000;

/** What a panel shows: figures, and the panel and range that they are of. They change together. */
interface Shown {
  feed: Feed;
  /** What was asked for, as text. */
  key: string;
  panel: Panel;
  range: PageRange;
}

/** The feed of a panel, until the component is destroyed. */
export interface FollowedFeed {
  /** Null before the first one, and for the kinds that show no metric. */
  readonly feed: Feed | null;
  /** The panel that `feed` is of: the one before, while another is loading. */
  readonly panel: Panel;
  /** The range that `feed` is of. */
  readonly range: PageRange;
  /** The range of what is loading and will replace what is shown; null where nothing is. */
  readonly loading: PageRange | null;
  /** Whether there is no such metric. */
  readonly unknown: boolean;
}

/**
 * Subscribes for a panel. Another range or view needs another feed; the old one stays on the screen, with its labels,
 * until the new one has a picture, or a reason why there is none.
 */
export function followFeed(
  read: () => {
    session: Session;
    slots: ColorSlots;
    panel: Panel;
    width: number | null;
    /** Groups that are not drawn, as `Trace.group` has them; absent for none. */
    hidden?: readonly string[] | undefined;
  },
): FollowedFeed {
  let shown = $state.raw<Shown | null>(null);
  let coming = $state.raw<Shown | null>(null);
  let again = $state(0);
  // As text, so that a board that is read again asks for nothing new where nothing changed.
  const wanted = $derived.by(() => {
    const { panel, session, width, hidden = [] } = read();
    // How wide the panel is decides which windows it can show.
    const time = timeOf(session);
    const request = width === null ? null : requestOf(panel, time, width);
    const { kind, outputs, stack } = panel;
    return JSON.stringify([request, figureRequestOf(panel, time), kind, outputs, stack, hidden]);
  });
  $effect(() => {
    void again;
    const [request, figure] = JSON.parse(wanted);
    if (request === null) return show(null);
    const made = untrack(() => {
      const { panel, session } = read();
      const range = rangeOf(panel, timeOf(session));
      return { feed: createFeed({ ...read(), range, request, figure }), key: wanted, panel, range };
    });
    coming = made;
    return () => {
      if (untrack(() => shown) !== made) made.feed.close();
    };
  });
  $effect(() => {
    if (coming === null) return;
    if (shown === null || coming.feed.ready || coming.feed.refusal !== null) show(coming);
  });
  $effect(() => {
    const { slots, panel } = untrack(read);
    return () => {
      untrack(() => shown)?.feed.close();
      slots.leave(panel.id);
    };
  });
  // Data that came while the page was paused is shown once it is live again.
  $effect(() => {
    if (read().session.held === null) shown?.feed.catchUp();
  });

  function show(next: Shown | null): void {
    const old = untrack(() => shown);
    shown = next;
    coming = null;
    old?.feed.close();
  }

  // Not the views that need a key: they are requested again once there is one.
  const refused = $derived.by(() => {
    const refusal = shown?.feed.refusal;
    return refusal != null && !refusal.retry && !asksForKey(refusal.code);
  });
  $effect(() => {
    if (!refused || !read().session.shown) return;
    const timer = setInterval(() => again++, ASK_AGAIN);
    return () => clearInterval(timer);
  });
  return {
    get feed() {
      return shown?.feed ?? null;
    },
    get panel() {
      const { panel } = read();
      return shown === null || shown.key === wanted ? panel : shown.panel;
    },
    get range() {
      const { panel, session } = read();
      return shown?.range ?? rangeOf(panel, timeOf(session));
    },
    get loading() {
      if (shown === null || coming === null || coming.key === shown.key) return null;
      return coming.range;
    },
    get unknown() {
      return shown?.feed.refusal?.code === 'unknown_metric';
    },
  };
}

/** A moment that the page has lived through is what it kept; another is asked for. */
const timeOf = ({ url, held, formats }: Session): PageTime => ({
  range: url.range,
  moment: held === null ? url.paused : null,
  calendar: formats.calendar,
});
