import type { Subscription } from '../../log.ts';

/** What runs until it is closed, alone or with the log. */
export interface Subscriptions {
  keep(close: () => Promise<void>): Subscription;
  closeAll(): Promise<void>;
}

export function createSubscriptions(): Subscriptions {
  const open = new Set<Subscription>();
  return {
    keep(close) {
      const subscription = { close: () => close().finally(() => open.delete(subscription)) };
      open.add(subscription);
      return subscription;
    },
    closeAll: async () => void (await Promise.all([...open].map((subscription) => subscription.close()))),
  };
}
