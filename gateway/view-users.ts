import type { LiveView } from './core/live-view.ts';
import type { Feed } from './feed.ts';

/** Who has which view: a view is closed when nobody has it, at once or after a while. */
export interface ViewUsers {
  retain(live: LiveView): void;
  /** `linger`: whoever had it may be back soon, so it is kept for a while. */
  release(live: LiveView, linger: boolean): void;
  isUsed(live: LiveView): boolean;
  /** Closes what nobody has had since `before`, epoch ms. */
  closeIdle(before: number): void;
}

export function createViewUsers(feed: Pick<Feed, 'hub'>, clock: () => number): ViewUsers {
  const users = new Map<LiveView, number>();
  const idle = new Map<LiveView, number>();
  return {
    retain(live) {
      idle.delete(live);
      users.set(live, (users.get(live) ?? 0) + 1);
    },
    release(live, linger) {
      const left = (users.get(live) ?? 1) - 1;
      if (left > 0) users.set(live, left);
      else {
        users.delete(live);
        if (linger && feed.hub?.isOpen(live)) idle.set(live, clock());
        else feed.hub?.close(live);
      }
    },
    isUsed: (live) => users.has(live),
    closeIdle(before) {
      for (const [live, since] of idle) {
        if (since > before) continue;
        idle.delete(live);
        feed.hub?.close(live);
      }
    },
  };
}
