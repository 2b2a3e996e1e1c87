import type { Environment } from '../host/environment.ts';

export interface FakeTime extends Pick<Environment, 'clock' | 'after'> {
  /** Lets ms pass, and runs what was due in them, in order. */
  pass(ms: number): void;
  /** Lets ms pass without running anything, as a sleeping machine does. */
  sleep(ms: number): void;
}

export function createFakeTime(start = 1_000_000): FakeTime {
  let now = start;
  const waiting = new Set<{ at: number; call: () => void }>();
  return {
    clock: () => now,
    after(ms, call) {
      const entry = { at: now + ms, call };
      waiting.add(entry);
      return () => {
        waiting.delete(entry);
      };
    },
    pass(ms) {
      const end = now + ms;
      for (;;) {
        const due = [...waiting].filter((e) => e.at <= end).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) break;
        waiting.delete(due);
        now = Math.max(now, due.at);
        due.call();
      }
      now = end;
    },
    sleep(ms) {
      now += ms;
    },
  };
}
