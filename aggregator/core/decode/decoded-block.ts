import type { Fault } from '#contracts/errors.ts';
import { type EnvelopeField, envelopeFieldOf, propertyPath } from '#contracts/metric/envelope.ts';

/** The value of an events record, with what its headers say. */
export interface BlockBody {
  /** NDJSON, one event a line; a final newline is optional. */
  value: Uint8Array;
  /** Epoch ms: receipt, or the record's time when foreign. */
  received: number;
  /** Not written by ingest: its events have not been checked yet. */
  foreign: boolean;
}

/** What some metric needs of an event, each once: dotted paths of its properties, and at which of these places there is a field of its envelope instead. */
export interface Wanted {
  readonly paths: readonly string[];
  readonly envelope: readonly { place: number; field: EnvelopeField }[];
}

/** `paths`: as definitions have them. */
export const wantedOf = (paths: readonly string[]): Wanted => ({
  paths: paths.map(propertyPath),
  envelope: paths.flatMap((path, place) => {
    const field = envelopeFieldOf(path);
    return field === null ? [] : [{ place, field }];
  }),
});

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
