import { createRandom, type Random } from '../../embedded/demo/random.ts';

export interface CrashEvent {
  event: 'hit';
  id: string;
  key: string;
  timestamp: number;
  properties: { shop: string; n: number };
}

const BATCH = 200;
/** Share of events that repeat an earlier one, in the same or another request. */
const REPEATS = 0.1;
/** How far back in time disorder goes, ms. */
const DISORDER = 20_000;

/** Batches of events out of order, some of them sent before; what is unique, counted by a naive hand. */
export function createWorkload(seed: number): {
  next(now: number): CrashEvent[];
  readonly unique: ReadonlyMap<string, CrashEvent>;
  random: Random;
} {
  const random = createRandom(seed);
  const unique = new Map<string, CrashEvent>();
  const sent: CrashEvent[] = [];
  const fresh = (now: number): CrashEvent => {
    const id = `e${sent.length}`;
    const event: CrashEvent = {
      event: 'hit',
      id,
      key: `k${Math.floor(random() * 50)}`,
      timestamp: now - Math.floor(random() * DISORDER),
      properties: { shop: `s${Math.floor(random() * 5)}`, n: Math.floor(random() * 1_000) },
    };
    sent.push(event);
    unique.set(id, event);
    return event;
  };
  const next = (now: number): CrashEvent[] =>
    Array.from({ length: BATCH }, () =>
      sent.length > 0 && random() < REPEATS ? sent[Math.floor(random() * sent.length)]! : fresh(now),
    );
  return { next, unique, random };
}
