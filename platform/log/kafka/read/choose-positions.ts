import type { Position } from '../kafka-client.ts';

/** A reader that can take more; `turn` is when it was asked for last. */
export interface Candidate extends Position {
  turn: number;
}

export interface Choice<R> {
  /** One a partition: a request cannot name two positions of it. */
  asked: R[];
  /** Others want another position of one of the partitions: they are next, so the request had better not wait. */
  crowded: boolean;
}

/** Chooses the readers whose positions the next request names: of several at a partition, the one that has waited longest. */
export function choosePositions<R extends Candidate>(idle: readonly R[]): Choice<R> {
  const chosen = new Map<string, R>();
  let crowded = false;
  for (const reader of [...idle].sort((a, b) => a.turn - b.turn)) {
    const place = `${reader.topic}/${reader.partition}`;
    const first = chosen.get(place);
    if (first === undefined) chosen.set(place, reader);
    else crowded ||= first.position !== reader.position;
  }
  return { asked: [...chosen.values()], crowded };
}
