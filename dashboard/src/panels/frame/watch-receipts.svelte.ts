import type { Session } from '../../app/session.svelte.ts';
import { afterPaint } from '../../charts/after-paint.ts';
import type { Feed } from '../feed/panel-feed.svelte.ts';

/** Whether data that comes is to be seen at once: only then the time from event to pixel is measured. */
export interface Watched {
  session: Session;
  feed: Feed | null;
  /** Whether the panel is in sight, and shows its picture. */
  seen: boolean;
}

/** Counts receipts of a feed from the first paint on that shows it, until it is out of sight. For the time of a component. */
export function watchReceipts(read: () => Watched): void {
  const watched = $derived.by(() => {
    const { session, feed, seen } = read();
    const live = session.link.state === 'live' && session.url.paused === null;
    return seen && session.shown && live && (feed?.revision ?? 0) > 0;
  });
  $effect(() => {
    const { session, feed } = read();
    if (!watched || feed === null) return;
    const { receipts } = feed;
    const first = requestAnimationFrame(() => afterPaint(() => receipts.watch(session.client.now())));
    return () => {
      cancelAnimationFrame(first);
      receipts.watch(null);
    };
  });
}
