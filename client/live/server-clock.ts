/** Beats that the estimate rests on: a minute, so that a step of either clock is forgotten. */
const BEATS = 60;
const ROUND_TRIPS = 8;

export interface ServerClock {
  /** A beat told `serverTime` and came at local `now`, both epoch ms. */
  beat(serverTime: number, now: number): void;
  measured(roundTrip: number): void;
  /** Server time minus local time, ms; 0 before the first beat. */
  readonly offset: number;
  /** Another connection, maybe another server. */
  reset(): void;
}

/**
 * Estimates the server's clock as NTP's clock filter does: the sample that travelled shortest is the truest. A beat's
 * `time − arrival` is the offset minus its one-way delay, so the highest is nearest; half the shortest round trip is
 * added for what even that one took.
 */
export function createServerClock(): ServerClock {
  let beats: number[] = [];
  let trips: number[] = [];
  let offset = 0;
  const estimate = () => {
    if (beats.length > 0) offset = Math.max(...beats) + (trips.length > 0 ? Math.min(...trips) / 2 : 0);
  };
  return {
    beat(serverTime, now) {
      beats = [...beats, serverTime - now].slice(-BEATS);
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
      beats = [];
      trips = [];
    },
  };
}
