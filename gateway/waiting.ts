export interface Waiting {
  /** Resolves when the condition holds at a `check`, or after the given ms, or at `close`, whatever comes first. */
  until(condition: () => boolean, ms: number): Promise<void>;
  check(): void;
  close(): void;
}

/** Who waits for something that only another input can bring. */
export function createWaiting(): Waiting {
  const entries = new Set<{ condition: () => boolean; go: () => void }>();
  return {
    until: (condition, ms) =>
      new Promise((resolve) => {
        if (condition()) return resolve();
        const go = () => {
          clearTimeout(timer);
          entries.delete(entry);
          resolve();
        };
        const timer = setTimeout(go, ms);
        const entry = { condition, go };
        entries.add(entry);
      }),
    check() {
      for (const entry of entries) if (entry.condition()) entry.go();
    },
    close() {
      for (const { go } of entries) go();
    },
  };
}
