import type { Session } from '../../app/session.svelte.ts';
import { afterPaint } from '../../charts/scheduler.ts';
import type { Feed } from '../feed/panel-feed.svelte.ts';

/** Where a panel's picture is; a header in sight is no pixel of data. */
export interface PictureBox {
  /** CSS pixels; null before it is laid out. */
  readonly width: number | null;
  readonly inSight: boolean;
}

/** Observes the element that holds the picture, until the component is destroyed. */
export function watchBox(read: () => HTMLElement): PictureBox {
  let width = $state<number | null>(null);
  let inSight = $state(false);
  $effect(() => {
    const box = read();
    const sized = new ResizeObserver(() => (width = box.clientWidth));
    const seen = new IntersectionObserver((entries) => (inSight = entries.at(-1)!.isIntersecting));
    sized.observe(box);
    seen.observe(box);
    width = box.clientWidth;
    return () => {
      sized.disconnect();
      seen.disconnect();
    };
  });
  return {
    get width() {
      return width;
    },
    get inSight() {
      return inSight;
    },
  };
}

export interface Watched {
  session: Session;
  feed: Feed | null;
  /** Whether the panel is in sight, and shows its picture. */
  seen: boolean;
}

/**
 * Counts the receipts of a feed from the first paint that shows it until it is out of sight or the component is destroyed. Only
 * where data is seen at once the time from event to pixel is measured.
 */
export function watchReceipts(read: () => Watched): void {
  const watched = $derived.by(() => {
    const { session, feed, seen } = read();
    const live = session.link.state === 'live' && session.live;
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
