import type { Fault } from '#contracts/errors.ts';

/** The value of an events record, with what its headers say. */
export interface BlockBody {
  /** NDJSON, one event a line; a final newline is optional. */
  value: Uint8Array;
  /** Epoch ms: receipt, or the record's time when foreign. */
  received: number;
  /** Not written by ingest: its events have not been checked yet. */
  foreign: boolean;
}

/** What some metric needs of an event's properties: dotted paths, each once. */
export interface Wanted {
  paths: readonly string[];
}

export interface DecodedEvent {
  /** Number of its line in the block, blank lines not counted. */
  index: number;
  event: string;
  id: string | null;
  key: string | null;
  /** Epoch ms. */
  ts: number;
  /** JSON text of the properties object. */
  properties: string;
  /** Values at the wanted paths, in their order; undefined where there is none. */
  values: unknown[];
}

export interface Rejection {
  index: number;
  fault: Fault;
  /** The refused line, cut to 1 KB. */
  body: string;
}

export interface DecodedBlock {
  events: DecodedEvent[];
  rejected: Rejection[];
}
