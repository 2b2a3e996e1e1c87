import { WIDEST_SKEW } from '#contracts/event/event.ts';
import { parseTimestamp } from '#contracts/event/timestamp.ts';
import { scanIsoTimestamp } from '#contracts/event/timestamp-bytes.ts';
import { ASCII } from '#contracts/text/ascii.ts';
import type { BlockBody, DecodedEvent } from './decoded-block.ts';
import type { LinePlaces } from './line-layout.ts';
import { createLineShapes, type LineShapes } from './line-shapes.ts';
import { readNumber } from './scan-scalar.ts';
import { createTextCache, type TextCache } from './text-cache.ts';

const { QUOTE, NINE, LOWER_F, LOWER_N, LOWER_T } = ASCII;

/** What a decoder remembers between blocks. It affects only the speed of the decoder, never its results. */
export interface KnownLines {
  shapes: LineShapes;
  texts: TextCache;
}

export const createKnownLines = (): KnownLines => ({
  shapes: createLineShapes(),
  texts: createTextCache(),
});

const NONE = -1;

/**
 * Reads the line [start, end) of the block that `shapes` has begun, if it looks like earlier ones and nothing is wrong
 * with it; else null. `text` is the block as a text of one unit a byte.
 */
export function readKnownLine(
  { shapes, texts }: KnownLines,
  block: BlockBody,
  text: string,
  start: number,
  end: number,
  index: number,
): DecodedEvent | null {
  const places = shapes.find(start, end);
  if (places === null) return null;
  const { bytes, starts, ends } = shapes;
  const { event, id, key } = places;
  if (!isText(shapes, event) || ends[event]! - starts[event]! === 2) return null;
  if ((id !== NONE && !isText(shapes, id)) || (key !== NONE && !isText(shapes, key))) return null;
  const ts = readTime(shapes, places.timestamp, text, block.received);
  // Refused with its reason elsewhere.
  if (ts === null || ts > block.received + WIDEST_SKEW) return null;
  const values: unknown[] = [];
  for (let i = 0; i < places.values.length; i++)
    values.push(readScalar(shapes, texts, text, places.values[i]!));
  return {
    index,
    event: texts.read(bytes, starts[event]! + 1, ends[event]! - 1),
    id: id === NONE ? null : inside(text, shapes, id),
    key: key === NONE ? null : inside(text, shapes, key),
    ts,
    properties: readProperties(places, shapes, text),
    values,
  };
}

const isText = ({ bytes, starts }: LineShapes, place: number): boolean => bytes[starts[place]!] === QUOTE;

const inside = (text: string, { starts, ends }: LineShapes, place: number): string =>
  text.slice(starts[place]! + 1, ends[place]! - 1);

function readTime(shapes: LineShapes, place: number, text: string, received: number): number | null {
  if (place === NONE) return received;
  const { bytes, starts, ends } = shapes;
  const from = starts[place]!;
  const to = ends[place]!;
  const c = bytes[from]!;
  if (c !== QUOTE) return c > NINE ? null : parseTimestamp(readNumber(bytes, from, to, text));
  return scanIsoTimestamp(bytes, from + 1, to - 1) ?? parseTimestamp(text.slice(from + 1, to - 1));
}

function readScalar(
  { bytes, starts, ends }: LineShapes,
  texts: TextCache,
  text: string,
  place: number,
): unknown {
  if (place === NONE) return undefined;
  const from = starts[place]!;
  switch (bytes[from]) {
    case QUOTE:
      // Not cut from the block's text: a group's name may stay for days, and would hold the whole text.
      return texts.read(bytes, from + 1, ends[place]! - 1);
    case LOWER_T:
      return true;
    case LOWER_F:
      return false;
    case LOWER_N:
      return null;
    default:
      return readNumber(bytes, from, ends[place]!, text);
  }
}

function readProperties({ properties }: LinePlaces, { literals }: LineShapes, text: string): string {
  if (properties === null) return '{}';
  const { from, to } = properties;
  return text.slice(literals[from[0]]! + from[1], literals[to[0]]! + to[1]);
}
