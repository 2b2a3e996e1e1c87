import { untrack } from 'svelte';
import type { Panel } from '#contracts/panel.ts';
import { asksForKey } from '../app/key-words.ts';
import type { Session } from '../app/session.svelte.ts';
import type { ColorSlots } from '../charts/color-slots.ts';
import { createFeed, type Feed } from './feed.svelte.ts';
import { requestOf } from './request.ts';

/** How often a view is asked for that the client does not ask about again by itself: somebody may define or change its metric. */
const ASK_AGAIN = 5_000;

/** The feed of a panel for the time of a component. */
export interface FollowedFeed {
  /** Null before the first one, and for the kinds that show no metric. */
  readonly feed: Feed | null;
  /** Whether there is no such metric. */
  readonly unknown: boolean;
}

/**
 * Keeps a panel fed. Another range or view asks for another feed; the old one stays on the screen until the new one has
 * a picture, or a reason why there is none.
 */
export function followFeed(
  read: () => { session: Session; slots: ColorSlots; panel: Panel; width: number | null },
): FollowedFeed {
  let feed = $state.raw<Feed | null>(null);
  let coming = $state.raw<Feed | null>(null);
  let again = $state(0);
  // As text, so that a board that is read again asks for nothing new where nothing changed.
  const wanted = $derived.by(() => {
    const { panel, session, width } = read();
    // How wide the panel is decides which windows it can show.
    const request = width === null ? null : requestOf(panel, session.url.range, width);
    return JSON.stringify([request, panel.kind, panel.outputs, panel.stack]);
  });
  const unknown = $derived(feed?.refusal?.code === 'unknown_metric');
  $effect(() => {
    void again;
    const [request] = JSON.parse(wanted);
    if (request === null) return;
    const made = untrack(() => createFeed({ ...read(), request }));
    coming = made;
    return () => {
      if (untrack(() => feed) !== made) made.close();
    };
  });
  $effect(() => {
    if (coming === null || (feed !== null && coming.revision === 0 && coming.refusal === null)) return;
    const old = untrack(() => feed);
    feed = coming;
    coming = null;
    old?.close();
  });
  $effect(() => {
    const { slots, panel } = untrack(read);
    return () => {
      untrack(() => feed)?.close();
      slots.leave(panel.id);
    };
  });
  // What a key is missing for is asked again once there is one.
  const refused = $derived(feed?.refusal != null && !feed.refusal.retry && !asksForKey(feed.refusal.code));
  $effect(() => {
    if (!refused || !read().session.shown) return;
    const timer = setInterval(() => again++, ASK_AGAIN);
    return () => clearInterval(timer);
  });
  return {
    get feed() {
      return feed;
    },
    get unknown() {
      return unknown;
    },
  };
}
