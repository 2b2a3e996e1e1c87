import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface Measured {
  /** Of the whole process since the last begin, µs. */
  cpu: number;
  /** How much later than asked for a timer fired, ms. */
  delayP99: number;
  delayMax: number;
  /** Bytes, after a full collection where the process was started with --expose-gc. */
  rss: number;
  heap: number;
}

/** What a server process of the fan-out benchmarks is asked for. */
export type Ask = { begin: { every: number } } | { mark: true } | { measure: true } | { end: true };

const RESOLUTION = 5;

/** Lets the parent make a server send: `tick` sends all sockets a new frame; false while too much is still queued. */
export function serveFanOut(port: number, tick: (n: number) => boolean): void {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION });
  let timer: NodeJS.Timeout | undefined;
  let before = process.cpuUsage();
  let ticks = 0;
  const mark = (): void => {
    delays.reset();
    delays.enable();
    before = process.cpuUsage();
  };
  const run = (every: number, due: number): void => {
    if (tick(ticks + 1)) ticks++;
    // Late frames are not caught up, so that no server is overloaded.
    const next = Math.max(due + every, performance.now());
    timer = setTimeout(() => run(every, next), Math.max(0, next - performance.now()));
  };
  const measure = (): Measured => {
    const { user, system } = process.cpuUsage(before);
    const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION);
    const [delayP99, delayMax] = [late(delays.percentile(99)), late(delays.max)];
    globalThis.gc?.();
    const { rss, heapUsed } = process.memoryUsage();
    return { cpu: user + system, delayP99, delayMax, rss, heap: heapUsed };
  };
  process.on('disconnect', () => process.exit());
  process.on('message', (ask: Ask) => {
    if ('begin' in ask) run(ask.begin.every, performance.now());
    else if ('mark' in ask) mark();
    else if ('end' in ask) clearTimeout(timer);
    process.send!('measure' in ask ? measure() : {});
  });
  process.send!({ listening: port });
}

/** Series whose newest cells change with every frame: about 1 KB. */
export const SERIES = 60;
/** A value of five digits, another one for each tick. */
export const changing = (series: number, tick: number): number =>
  10_000 + ((series * 7_919 + tick * 104_729) % 90_000);
