import type { Owner } from '#platform/limits/budgets.ts';
import type { LiveView } from '../core/view/live-view.ts';
import type { Feed } from './update-tail.ts';
import type { ViewAccounts } from './view-accounts.ts';

/** Who has which view: a view is closed when nobody has it, at once or after a while. */
export interface ViewUsers {
  retain(live: LiveView, owner: Owner): void;
  /** `linger`: whoever had it may be back soon, so it is kept for a while, on their account. */
  release(live: LiveView, owner: Owner, linger: boolean): void;
  isUsed(live: LiveView): boolean;
  /** Closes what nobody has had since `before`, epoch ms. */
  closeIdle(before: number): void;
}

export function createViewUsers(
  feed: Pick<Feed, 'hub'>,
  accounts: ViewAccounts,
  clock: () => number,
): ViewUsers {
  /** In the order they became idle. */
  const idle = new Map<LiveView, number>();
  const close = (live: LiveView): void => {
    accounts.drop(live);
    feed.hub?.close(live);
  };
  return {
    retain(live, owner) {
      idle.delete(live);
      accounts.retain(live, owner);
    },
    release(live, owner, linger) {
      accounts.release(live, owner);
      if (accounts.isHeld(live)) return;
      idle.delete(live);
      if (linger && feed.hub?.isOpen(live)) idle.set(live, clock());
      else close(live);
    },
    isUsed: accounts.isHeld,
    closeIdle(before) {
      for (const [live, since] of idle) {
        if (since > before) return;
        idle.delete(live);
        close(live);
      }
    },
  };
}
