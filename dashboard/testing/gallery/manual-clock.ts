/** Time and frames that come by hand. */
export interface ManualClock {
  readonly now: number;
  /** Goes on by `ms`: runs the timers that are due, each at its own time, and `flush` after each time. */
  advance(ms: number, flush: () => void): void;
  /** Runs the requested animation callbacks once; resolves when the browser has laid out and observed the result. */
  drawFrame(): Promise<void>;
}

interface Timer {
  at: number;
  /** Null for once. */
  every: number | null;
  call: () => void;
}

/**
 * Replaces the page's clock, its timers and its animation frames. With frames by hand a chart is drawn the same number
 * of times, of the same states: what it keeps from one drawing to the next cannot depend on the speed of the machine.
 */
export function installClock(start: number): ManualClock {
  const timers = new Map<number, Timer>();
  let now = start;
  let next = 1;
  const add = (call: TimerHandler, ms: number, every: number | null, args: unknown[]): number => {
    timers.set(next, { at: now + ms, every, call: () => (call as (...all: unknown[]) => void)(...args) });
    return next++;
  };
  Object.assign(globalThis, {
    setTimeout: (call: TimerHandler, ms = 0, ...args: unknown[]) => add(call, ms, null, args),
    setInterval: (call: TimerHandler, ms = 0, ...args: unknown[]) =>
      add(call, Math.max(1, ms), Math.max(1, ms), args),
    clearTimeout: (id: number) => timers.delete(id),
    clearInterval: (id: number) => timers.delete(id),
  });
  Date.now = () => now;
  performance.now = () => now - start;

  /** Returns false when none is due until `end`. */
  function runNext(end: number): boolean {
    let due: [number, Timer] | null = null;
    for (const entry of timers)
      if (entry[1].at <= end && entry[1].at < (due?.[1].at ?? Infinity)) due = entry;
    if (due === null) return false;
    const [id, timer] = due;
    now = timer.at;
    if (timer.every === null) timers.delete(id);
    else timer.at += timer.every;
    timer.call();
    return true;
  }
  return {
    get now() {
      return now;
    },
    advance(ms, flush) {
      const end = now + ms;
      for (let at = now; runNext(end); at = now) if (now > at) flush();
      now = end;
      flush();
    },
    drawFrame: holdFrames(),
  };
}

/** Returns a function that hands out one frame. */
function holdFrames(): () => Promise<void> {
  const ask = globalThis.requestAnimationFrame;
  const held = new Map<number, FrameRequestCallback>();
  let next = 1;
  globalThis.requestAnimationFrame = (call) => {
    held.set(next, call);
    return next++;
  };
  globalThis.cancelAnimationFrame = (id) => {
    held.delete(id);
  };
  // Observers run after the callbacks of a frame, so before those of the next one.
  const observed = (): Promise<unknown> => new Promise((resolve) => ask(() => ask(resolve)));
  return async () => {
    const calls = [...held.values()];
    held.clear();
    for (const call of calls) call(performance.now());
    await observed();
  };
}
