import type { EventPosition, EventVerdict } from '#contracts/metric/verdict.ts';
import type { TailRow } from '#contracts/view/protocol.ts';
import type { ConnectApi } from '../connect-api.ts';

/** What is known of the verdict on an event that came. */
export type Judged =
  | { state: 'waiting' }
  | { state: 'known'; verdict: EventVerdict }
  | { state: 'repeat'; of: EventPosition }
  /** It was not asked for, since too many came at once; or it is not in the archive after all tries; or the server refuses to say. */
  | { state: 'unknown'; cause: 'many' | 'not archived' | 'refused'; message: string | null };

/** Questions at the same time, and those that wait: of a flood only the newest are asked for. */
const AT_ONCE = 2;
const MOST_WAITING = 12;
/** An event is archived about a second after it came. Pauses between tries, ms, grow from the first. */
const TRIES = 8;
const PAUSE = 300;

interface Question {
  row: TailRow;
  settle: (judged: Judged) => void;
}

export interface VerdictQueue {
  /** Asks what became of an event; `settle` is called once, unless the queue is closed before. */
  ask(row: TailRow, settle: (judged: Judged) => void): void;
  close(): void;
}

/** `wait` resolves after so many ms. */
export function createVerdictQueue(
  api: Pick<ConnectApi, 'verdictAt' | 'verdictOf'>,
  wait: (ms: number) => Promise<void>,
): VerdictQueue {
  const waiting: Question[] = [];
  let running = 0;
  let closed = false;

  async function work(): Promise<void> {
    running++;
    for (let next = waiting.pop(); next !== undefined && !closed; next = waiting.pop()) {
      const judged = await findVerdict(api, next.row, wait, () => closed);
      if (!closed) next.settle(judged);
    }
    running--;
  }
  return {
    ask(row, settle) {
      if (closed) return;
      waiting.push({ row, settle });
      const dropped = waiting.length > MOST_WAITING ? waiting.shift() : undefined;
      dropped?.settle({ state: 'unknown', cause: 'many', message: null });
      if (running < AT_ONCE) void work();
    },
    close() {
      closed = true;
      waiting.length = 0;
    },
  };
}

async function findVerdict(
  api: Pick<ConnectApi, 'verdictAt' | 'verdictOf'>,
  row: TailRow,
  wait: (ms: number) => Promise<void>,
  isClosed: () => boolean,
): Promise<Judged> {
  const { position, event, id, key, time } = row;
  if (position === undefined) return { state: 'unknown', cause: 'not archived', message: null };
  try {
    for (let n = 0; n < TRIES && !isClosed(); n++) {
      await wait(PAUSE * (n + 1));
      const verdict = await api.verdictAt(position);
      if (verdict !== null) return { state: 'known', verdict };
      if (id === undefined) continue;
      // A repeat never comes into the archive. The event that it repeats is there, or was remembered.
      const named = {
        event,
        id,
        timestamp: new Date(time).toISOString(),
        ...(key === undefined ? {} : { key }),
      };
      const { duplicate } = await api.verdictOf(named);
      if (duplicate !== undefined && !isSame(duplicate, position)) return { state: 'repeat', of: duplicate };
    }
  } catch (error) {
    return {
      state: 'unknown',
      cause: 'refused',
      message: error instanceof Error ? error.message : String(error),
    };
  }
  return { state: 'unknown', cause: 'not archived', message: null };
}

const isSame = (a: EventPosition, b: EventPosition): boolean =>
  a.partition === b.partition && a.offset === b.offset && a.index === b.index;
