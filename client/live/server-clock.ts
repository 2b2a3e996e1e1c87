import type { Environment } from '../host/environment.ts';

/** Heartbeats that the estimate rests on: a minute, so that a step of either clock is forgotten. */
const HEARTBEATS = 60;
const ROUND_TRIPS = 8;

export interface ServerClock {
  /** A heartbeat said `serverTime` and arrived at local `now`, both epoch ms. */
  heartbeat(serverTime: number, now: number): void;
  measured(roundTrip: number): void;
  /** Server time minus local time, ms; 0 before the first heartbeat. */
  readonly offset: number;
  /** Another connection, maybe another server. */
  reset(): void;
}

/**
 * Estimates the server's clock as NTP's clock filter does: the sample that travelled shortest is the truest. A heartbeat's
 * `time − arrival` is the offset minus its one-way delay, so the highest is nearest; half the shortest round trip is
 * added for what even that one took.
 */
export function createServerClock(): ServerClock {
  let heartbeats: number[] = [];
  let trips: number[] = [];
  let offset = 0;
  const estimate = () => {
    if (heartbeats.length > 0)
      offset = Math.max(...heartbeats) + (trips.length > 0 ? Math.min(...trips) / 2 : 0);
  };
  return {
    heartbeat(serverTime, now) {
      heartbeats = [...heartbeats, serverTime - now].slice(-HEARTBEATS);
      estimate();
    },
    measured(roundTrip) {
      trips = [...trips, roundTrip].slice(-ROUND_TRIPS);
      estimate();
    },
    get offset() {
      return offset;
    },
    reset() {
      heartbeats = [];
      trips = [];
    },
  };
}

const EVERY = 30_000;
const GIVE_UP = 10_000;

/**
 * Measures how long the smallest request takes, now and from time to time. The first of a connection pays for its
 * setup, so a second follows at once and the lower one counts. Returns a function that stops it.
 */
export function measureRoundTrips(
  url: URL,
  env: Environment,
  measured: (roundTrip: number) => void,
): () => void {
  const target = new URL('live', url);
  let ended = false;
  let cancel = () => {};
  const once = async () => {
    const began = env.clock();
    // `no-cors`: only the time counts, and the answer may belong to another origin than the page.
    const signal = AbortSignal.timeout(GIVE_UP);
    const answer = await env.fetch(target, { mode: 'no-cors', cache: 'no-store', signal });
    await answer.arrayBuffer();
    return env.clock() - began;
  };
  const round = async () => {
    try {
      const trip = Math.min(await once(), await once());
      if (!ended) measured(trip);
    } catch {
      // The last measurement stays; whether there is a connection is said by the state of the link.
    }
    if (!ended) cancel = env.after(EVERY, () => void round());
  };
  void round();
  return () => {
    ended = true;
    cancel();
  };
}
