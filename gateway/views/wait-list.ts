/** What is waited for: a view, or the name of something else. */
export type Topic = object | string;

export interface Wait {
  topics: readonly Topic[];
  condition: () => boolean;
  /** ms. */
  timeout: number;
  signal?: AbortSignal;
}

export interface WaitList {
  /**
   * Resolves when the condition holds as one of its topics is notified, after the timeout, when `signal` is aborted, or at `close`,
   * whichever comes first. The condition is also checked once at the start.
   */
  until(wait: Wait): Promise<void>;
  /** Something has happened to a topic: its conditions are checked, a bounded number in each turn of the event loop. */
  notify(topic: Topic): void;
  /** Checks every condition. */
  notifyAll(): void;
  /** Waits under way. */
  readonly size: number;
  /** Ends every wait, and every later one at once. */
  close(): void;
}

interface Entry {
  condition: () => boolean;
  resolve: () => void;
}

const CHECKS_PER_TURN = 100;

/**
 * Waits for conditions that only another input can bring about, by topic: a notification costs nothing for waits on other
 * topics, of which there may be thousands.
 */
export function createWaitList(): WaitList {
  const entries = new Set<Entry>();
  const byTopic = new Map<Topic, Set<Entry>>();
  const due = new Set<Entry>();
  let closed = false;

  const check = (): void => {
    let checked = 0;
    for (const entry of due) {
      if (checked++ === CHECKS_PER_TURN) break;
      due.delete(entry);
      if (entry.condition()) entry.resolve();
    }
    if (due.size > 0) setImmediate(check);
  };
  const schedule = (notified: Iterable<Entry>): void => {
    const isIdle = due.size === 0;
    for (const entry of notified) due.add(entry);
    if (isIdle && due.size > 0) setImmediate(check);
  };
  const add = (topics: readonly Topic[], entry: Entry): void => {
    entries.add(entry);
    for (const topic of topics) {
      const those = byTopic.get(topic) ?? new Set();
      byTopic.set(topic, those.add(entry));
    }
  };
  const remove = (topics: readonly Topic[], entry: Entry): void => {
    entries.delete(entry);
    due.delete(entry);
    for (const topic of topics) {
      const those = byTopic.get(topic);
      those?.delete(entry);
      if (those?.size === 0) byTopic.delete(topic);
    }
  };
  return {
    until: ({ topics, condition, timeout, signal }) =>
      new Promise((resolve) => {
        if (closed || signal?.aborted || condition()) return resolve();
        const end = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', end);
          remove(topics, entry);
          resolve();
        };
        const timer = setTimeout(end, Math.max(0, timeout));
        const entry = { condition, resolve: end };
        signal?.addEventListener('abort', end);
        add(topics, entry);
      }),
    notify(topic) {
      schedule(byTopic.get(topic) ?? []);
    },
    notifyAll: () => schedule(entries),
    get size() {
      return entries.size;
    },
    close() {
      closed = true;
      for (const { resolve } of entries) resolve();
    },
  };
}
