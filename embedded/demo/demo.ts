import { MINUTE } from '#contracts/text/duration.ts';
import type { Clock } from '#platform/process/clock.ts';
import type { Logger } from '#platform/process/reporting/logger.ts';
import { DEMO_BOARD } from './demo-board.ts';
import { DEMO_METRICS } from './demo-metrics.ts';
import { DEMO_BOARD_ID } from './traffic/names.ts';
import { createRandom } from './traffic/seeded-random.ts';
import { createSender, type Sender, sleep } from './traffic/send.ts';
import { shopEvents } from './traffic/shop.ts';

/** Twice the range that a board opens with, so that its figures can say how they differ from the range before. */
const HISTORY = 30 * MINUTE;
/** Stretch of history in one request, and how often live events are sent, ms. */
const STRETCH = 30_000;
const TICK = 100;

export interface DemoState {
  phase: 'off' | 'defining' | 'history' | 'live' | 'failed';
  /** Whether the 30 minutes before the start were sent too; null until that is known. */
  history: boolean | null;
  /** Events sent and acknowledged since the start. */
  sent: number;
  board: string;
  /** The state in a sentence. */
  message: string;
}

export interface DemoDeps {
  /** Address of the HTTP API, such as http://127.0.0.1:8080. */
  url: () => string;
  /** Key of scope admin to call with; empty where none is needed. */
  key: string;
  hasEvents: () => Promise<boolean>;
  clock: Clock;
  logger: Logger;
  /** Called when the demo has failed and continues only once it is started again; its state says so too. */
  failed?: (error: Error) => void;
}

export interface Demo {
  readonly state: Readonly<DemoState>;
  /** Starts it once; a demo that failed may be started again. Resolves when it is live, or is not to be: its state says which. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Seeded traffic of a small shop, sent as any app would send it. */
export function createDemo(seed: number, deps: DemoDeps): Demo {
  const state: DemoState = {
    phase: 'off',
    history: null,
    sent: 0,
    board: DEMO_BOARD_ID,
    message: 'Not started.',
  };
  const stop = new AbortController();
  let running: Promise<void> | null = null;
  let settled = Promise.withResolvers<void>();
  const run = async (): Promise<void> => {
    settled = Promise.withResolvers();
    try {
      await runDemo(seed, state, stop.signal, deps, settled.resolve);
    } catch (error) {
      running = null;
      if (stop.signal.aborted) return;
      state.phase = 'failed';
      state.message = (error as Error).message;
      deps.logger.error({ code: 'internal', err: error }, 'demo traffic failed');
      deps.failed?.(error as Error);
    } finally {
      settled.resolve();
    }
  };
  return {
    state,
    start: () => {
      running ??= run();
      return settled.promise;
    },
    close: async () => {
      stop.abort();
      await running;
    },
  };
}

async function runDemo(
  seed: number,
  state: DemoState,
  signal: AbortSignal,
  deps: DemoDeps,
  live: () => void,
): Promise<void> {
  const sender = createSender(deps.url(), deps.key, signal);
  state.phase = 'defining';
  state.history = !(await deps.hasEvents());
  for (const [id, metric] of Object.entries(DEMO_METRICS)) await sender.define(`/v1/metrics/${id}`, metric);
  await sender.define(`/v1/boards/${state.board}`, DEMO_BOARD);
  const random = createRandom(seed);
  const began = deps.clock();
  let from = began;
  if (state.history) {
    state.phase = 'history';
    state.message = 'Sending the 30 minutes before now.';
    from -= HISTORY;
  }
  while (!signal.aborted) {
    const to = Math.min(deps.clock(), from + STRETCH);
    const isLive = to - from < STRETCH;
    await send(sender, state, shopEvents(random, from, to, began));
    from = to;
    if (!isLive) continue;
    enterLive(state);
    live();
    await sleep(TICK, signal);
  }
}

function enterLive(state: DemoState): void {
  state.phase = 'live';
  state.message = state.history
    ? 'Live, with the 30 minutes before the start.'
    : 'Live only: there were events already, and history is sent to an empty log only.';
}

async function send(sender: Sender, state: DemoState, events: ReturnType<typeof shopEvents>): Promise<void> {
  if (events.length === 0) return;
  await sender.post(events);
  state.sent += events.length;
}
