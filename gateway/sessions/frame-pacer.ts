export interface FramePacer {
  /** To be called on a change: flushes now after quiet, else when `every` ms have passed since the last flush. */
  request(): void;
  /** Flushes now, also views that did not change. */
  all(): Promise<void>;
  close(): Promise<void>;
}

/** Paces flushes: one at a time, at most one every `every` ms, the first change after quiet at once. */
export function createFramePacer(
  flush: (all: boolean) => Promise<void>,
  every: number,
  failed: (error: unknown) => void,
): FramePacer {
  let timer: NodeJS.Timeout | null = null;
  let last = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | null = null;
  /** What was requested while a flush ran. */
  let due: 'changes' | 'all' | null = null;
  let closed = false;

  const run = (all: boolean): Promise<void> => {
    last = performance.now();
    running = flush(all)
      .catch(failed)
      .finally(() => {
        running = null;
        const next = due;
        due = null;
        if (closed || next === null) return;
        // At once, also after a long flush: it has given other work its turns.
        if (next === 'all') void run(true);
        else request();
      });
    return running;
  };
  const request = (): void => {
    if (closed || timer !== null) return;
    if (running !== null) {
      due ??= 'changes';
      return;
    }
    const wait = Math.max(0, last + every - performance.now());
    if (wait === 0) void run(false);
    else {
      timer = setTimeout(() => {
        timer = null;
        request();
      }, wait);
    }
  };
  return {
    request,
    async all() {
      if (running !== null) {
        due = 'all';
        await running;
        // The one just requested, which has begun as the other ended.
        await running;
      } else if (!closed) await run(true);
    },
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await running;
    },
  };
}
