/** What is waited for: a view, or the name of something else. */
export type Topic = object | string;

export interface Waiting {
  /**
   * Resolves when the condition holds as one of its topics is called, or after the given ms, or when `gone` is aborted, or at
   * `close`, whatever comes first. The condition is asked once at first.
   */
  until(wait: { of: readonly Topic[]; is: () => boolean; ms: number; gone?: AbortSignal }): Promise<void>;
  /** Something has happened to a topic: those who wait for it look, some of them a turn of the event loop. */
  call(topic: Topic): void;
  /** Everything may have changed. */
  callAll(): void;
  /** Those who wait. */
  readonly size: number;
  /** Who waits goes on, and nobody waits from now on. */
  close(): void;
}

interface Entry {
  is: () => boolean;
  go: () => void;
}

/** Conditions looked at in one turn of the event loop. */
const A_TURN = 100;

/** Who waits for something that only another input can bring, by what that is: nobody else looks when it comes. */
export function createWaiting(): Waiting {
  const entries = new Set<Entry>();
  const byTopic = new Map<Topic, Set<Entry>>();
  const due = new Set<Entry>();
  let closed = false;

  const look = (): void => {
    let looked = 0;
    for (const entry of due) {
      if (looked++ === A_TURN) break;
      due.delete(entry);
      if (entry.is()) entry.go();
    }
    if (due.size > 0) setImmediate(look);
  };
  const call = (called: Iterable<Entry>): void => {
    const isIdle = due.size === 0;
    for (const entry of called) due.add(entry);
    if (isIdle && due.size > 0) setImmediate(look);
  };
  const enter = (topics: readonly Topic[], entry: Entry): void => {
    entries.add(entry);
    for (const topic of topics) {
      const those = byTopic.get(topic) ?? new Set();
      byTopic.set(topic, those.add(entry));
    }
  };
  const leave = (topics: readonly Topic[], entry: Entry): void => {
    entries.delete(entry);
    due.delete(entry);
    for (const topic of topics) {
      const those = byTopic.get(topic);
      those?.delete(entry);
      if (those?.size === 0) byTopic.delete(topic);
    }
  };
  return {
    until: ({ of, is, ms, gone }) =>
      new Promise((resolve) => {
        if (closed || gone?.aborted || is()) return resolve();
        const go = () => {
          clearTimeout(timer);
          gone?.removeEventListener('abort', go);
          leave(of, entry);
          resolve();
        };
        const timer = setTimeout(go, Math.max(0, ms));
        const entry = { is, go };
        gone?.addEventListener('abort', go);
        enter(of, entry);
      }),
    call(topic) {
      call(byTopic.get(topic) ?? []);
    },
    callAll: () => call(entries),
    get size() {
      return entries.size;
    },
    close() {
      closed = true;
      for (const { go } of entries) go();
    },
  };
}
