export interface Waiting {
  /** Resolves when the condition holds at a `check`, or after the given ms, or when `gone` is aborted, or at `close`, whatever comes first. */
  until(condition: () => boolean, ms: number, gone?: AbortSignal): Promise<void>;
  check(): void;
  /** Who waits goes on, and nobody waits from now on. */
  close(): void;
}

/** Who waits for something that only another input can bring. */
export function createWaiting(): Waiting {
  const entries = new Set<{ condition: () => boolean; go: () => void }>();
  let closed = false;
  return {
    until: (condition, ms, gone) =>
      new Promise((resolve) => {
        if (closed || gone?.aborted || condition()) return resolve();
        const go = () => {
          clearTimeout(timer);
          gone?.removeEventListener('abort', go);
          entries.delete(entry);
          resolve();
        };
        const timer = setTimeout(go, ms);
        const entry = { condition, go };
        gone?.addEventListener('abort', go);
        entries.add(entry);
      }),
    check() {
      for (const entry of entries) if (entry.condition()) entry.go();
    },
    close() {
      closed = true;
      for (const { go } of entries) go();
    },
  };
}
