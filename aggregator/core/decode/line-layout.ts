import { readPath } from '#contracts/metric/dimension.ts';

/** How a line is built: literals around scalar values, `literals[i]` before value i, the last one at the end. */
export interface LineLayout {
  literals: string[];
  places: LinePlaces;
}

/** The numbers of the scalars that hold each part of an event; -1 where the line has none. */
export interface LinePlaces {
  event: number;
  id: number;
  key: number;
  timestamp: number;
  /** The properties object as [literal, offset in it] of its first byte and of the byte after it; null: there is none. */
  properties: { from: [number, number]; to: [number, number] } | null;
  /** Of each wanted path. */
  values: number[];
}

/** Most scalars of a line; a line with more has no layout. */
export const MAX_SCALARS = 300;

/** Each scalar's number in the scalar's place. */
type Marks = { [name: string]: number | Marks };

interface Draft {
  literals: string[];
  /** The literal that has begun. */
  open: string;
}

/**
 * The layout of a line that was read as `raw`. Null when literals and scalars alone cannot identify
 * lines like it: with a list, a wanted object, a character beyond ASCII, or another spelling than `JSON.stringify`'s.
 */
export function layOutLine(
  line: string,
  raw: Readonly<Record<string, unknown>>,
  wanted: readonly string[],
): LineLayout | null {
  if (!/^[\x20-\x7f]*$/.test(line) || JSON.stringify(raw) !== line) return null;
  const draft: Draft = { literals: [], open: '' };
  const fields: Marks = Object.create(null);
  let properties: LinePlaces['properties'] = null;
  for (const [name, value] of Object.entries(raw)) {
    draft.open += `${draft.open === '' && draft.literals.length === 0 ? '{' : ','}${JSON.stringify(name)}:`;
    const from = positionIn(draft);
    const marks = layOut(value, draft);
    if (marks === null) return null;
    fields[name] = marks;
    if (name === 'properties') properties = { from, to: positionIn(draft) };
  }
  const literals = [...draft.literals, `${draft.open}}`];
  const values = wanted.map((path) => placeOf(readPath(propertiesOf(fields), path)));
  const [event, id, key, timestamp] = ['event', 'id', 'key', 'timestamp'].map((name) =>
    placeOf(fields[name]),
  );
  // An object where a scalar belongs.
  if ([event, id, key, timestamp, ...values].includes(undefined) || event === NONE) return null;
  if (properties !== null && typeof fields.properties === 'number') return null;
  if (draft.literals.length > MAX_SCALARS) return null;
  return { literals, places: { event, id, key, timestamp, properties, values } as LinePlaces };
}

const positionIn = ({ literals, open }: Draft): [number, number] => [literals.length, open.length];

/** Null for a list, anywhere in it. */
function layOut(value: unknown, draft: Draft): Marks | number | null {
  if (Array.isArray(value)) return null;
  if (typeof value !== 'object' || value === null) {
    draft.literals.push(draft.open);
    draft.open = '';
    return draft.literals.length - 1;
  }
  const marks: Marks = Object.create(null);
  draft.open += '{';
  for (const [i, [name, inner]] of Object.entries(value).entries()) {
    draft.open += `${i === 0 ? '' : ','}${JSON.stringify(name)}:`;
    const below = layOut(inner, draft);
    if (below === null) return null;
    marks[name] = below;
  }
  draft.open += '}';
  return marks;
}

const propertiesOf = ({ properties }: Marks): Marks => (typeof properties === 'object' ? properties : {});

const NONE = -1;

function placeOf(mark: unknown): number | undefined {
  if (mark === undefined) return NONE;
  return typeof mark === 'number' ? mark : undefined;
}
