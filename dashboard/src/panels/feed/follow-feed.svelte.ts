import { untrack } from 'svelte';
import type { Panel } from '#contracts/board/panel.ts';
import { asksForKey } from '../../app/page-key.ts';
import type { Session } from '../../app/session.svelte.ts';
import type { ColorSlots } from '../../charts/ink/color-slots.ts';
import { createFeed, type Feed } from './panel-feed.svelte.ts';
import { rangeOf, requestOf } from './request.ts';

/** How often a view is requested again that the client does not retry by itself: its metric may be defined or changed, ms. */
const ASK_AGAIN = 5_000;

/** What a panel shows: figures, and the panel and range that they are of. They change together. */
interface Shown {
  feed: Feed;
  /** What was asked for, as text. */
  key: string;
  panel: Panel;
  range: number;
}

/** The feed of a panel, until the component is destroyed. */
export interface FollowedFeed {
  /** Null before the first one, and for the kinds that show no metric. */
  readonly feed: Feed | null;
  /** The panel that `feed` is of: the one before, while another is loading. */
  readonly panel: Panel;
  /** The range that `feed` is of, ms. */
  readonly range: number;
  /** The range of what is loading and will replace what is shown; null where nothing is. */
  readonly loading: number | null;
  /** Whether there is no such metric. */
  readonly unknown: boolean;
}

/**
 * Subscribes for a panel. Another range or view needs another feed; the old one stays on the screen, with its labels,
 * until the new one has a picture, or a reason why there is none.
 */
export function followFeed(
  read: () => { session: Session; slots: ColorSlots; panel: Panel; width: number | null },
): FollowedFeed {
  let shown = $state.raw<Shown | null>(null);
  let coming = $state.raw<Shown | null>(null);
  let again = $state(0);
  // As text, so that a board that is read again asks for nothing new where nothing changed.
  const wanted = $derived.by(() => {
    const { panel, session, width } = read();
    // How wide the panel is decides which windows it can show.
    const request = width === null ? null : requestOf(panel, session.url.range, width);
    return JSON.stringify([request, panel.kind, panel.outputs, panel.stack]);
  });
  $effect(() => {
    void again;
    const [request] = JSON.parse(wanted);
    if (request === null) return show(null);
    const made = untrack(() => {
      const { panel, session } = read();
      const feed = createFeed({ ...read(), request });
      return { feed, key: wanted, panel, range: rangeOf(panel, session.url.range) };
    });
    coming = made;
    return () => {
      if (untrack(() => shown) !== made) made.feed.close();
    };
  });
  $effect(() => {
    if (coming === null) return;
    if (shown === null || coming.feed.revision > 0 || coming.feed.refusal !== null) show(coming);
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
    if (read().session.url.paused === null) shown?.feed.catchUp();
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
      return shown?.range ?? rangeOf(panel, session.url.range);
    },
    get loading() {
      return shown !== null && coming !== null && coming.key !== shown.key ? coming.range : null;
    },
    get unknown() {
      return shown?.feed.refusal?.code === 'unknown_metric';
    },
  };
}
