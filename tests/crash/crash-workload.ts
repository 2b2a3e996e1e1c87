import { createRandom, type Random } from '../../embedded/demo/traffic/seeded-random.ts';

export interface CrashEvent {
  event: string;
  id: string;
  key: string;
  timestamp: number;
  properties: { shop: string; n: number };
}

export interface Workload {
  next(now: number): CrashEvent[];
  /** What was sent, by id. */
  readonly unique: ReadonlyMap<string, CrashEvent>;
  random: Random;
}

/** Share of events that repeat an earlier one, in the same or another request. */
const REPEATS = 0.1;
/** How far back in time disorder goes, ms. */
const DISORDER = 20_000;

/** Batches of events out of order, some of them sent before; and a naive count of the unique ones. */
export function createWorkload(
  seed: number,
  { event = 'hit', prefix = 'e', size = 200 }: { event?: string; prefix?: string; size?: number } = {},
): Workload {
  const random = createRandom(seed);
  const unique = new Map<string, CrashEvent>();
  const sent: CrashEvent[] = [];
  const fresh = (now: number): CrashEvent => {
    const id = `${prefix}${sent.length}`;
    const made: CrashEvent = {
      event,
      id,
      key: `k${Math.floor(random() * 50)}`,
      timestamp: now - Math.floor(random() * DISORDER),
      properties: { shop: `s${Math.floor(random() * 5)}`, n: Math.floor(random() * 1_000) },
    };
    sent.push(made);
    unique.set(id, made);
    return made;
  };
  const next = (now: number): CrashEvent[] =>
    Array.from({ length: size }, () =>
      sent.length > 0 && random() < REPEATS ? sent[Math.floor(random() * sent.length)]! : fresh(now),
    );
  return { next, unique, random };
}
