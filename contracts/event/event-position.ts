/** An event's place in time and in the log: no two events share one, so it orders all events of a pipeline. */
export interface EventPosition {
  /** The event's own time, epoch ms. */
  ts: number;
  /** Source partition, block offset, and number of the event in its block. */
  part: number;
  offset: number;
  index: number;
}

/** By time, then partition, offset and index: below 0 when `a` comes first. The order of ClickHouse's tuples. */
export const comparePositions = (a: EventPosition, b: EventPosition): number =>
  a.ts - b.ts || a.part - b.part || a.offset - b.offset || a.index - b.index;
