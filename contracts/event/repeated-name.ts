import { cutField, type Fault, shown } from '../errors.ts';
import { ASCII } from '../text/ascii.ts';
import { scanString, skipSpace, textOf } from './json-bytes.ts';

const { SPACE, QUOTE, COMMA, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT } = ASCII;

interface Walk {
  bytes: Uint8Array;
  end: number;
  fault: Fault | null;
}

/** Where a dotted path leads, one step for each name between its dots: a name is looked at once, however deep it lies. */
class Path {
  /** Whether a property has this path. */
  taken = false;
  #below: Map<string, Path> | null = null;

  /** The path with a name behind it, which may hold dots itself. */
  at(name: string): Path {
    let path: Path = this;
    for (const step of name.split('.')) path = path.#step(step);
    return path;
  }

  #step(name: string): Path {
    this.#below ??= new Map();
    let path = this.#below.get(name);
    if (path === undefined) {
      path = new Path();
      this.#below.set(name, path);
    }
    return path;
  }
}

/** An object on the way: its own path and that of all names above, for a message. */
interface Place {
  path: Path;
  above: Place | null;
  name: string;
}

/**
 * Looks at names exactly: the first object that names a key twice (`duplicate_key`), or two properties with one dotted
 * path (`ambiguous_path`); null when there is neither. The span holds one event that is valid JSON.
 */
export function findRepeatedName(bytes: Uint8Array, from: number, end: number): Fault | null {
  const walk: Walk = { bytes, end, fault: null };
  walkObject(walk, from, null);
  return walk.fault;
}

const root = (): Place => ({ path: new Path(), above: null, name: '' });

/** `place` is null for the event itself, whose fields are no properties. */
function walkObject(walk: Walk, from: number, place: Place | null): number {
  const own = new Set<string>();
  let i = skipSpace(walk.bytes, from + 1, walk.end);
  while (walk.bytes[i] === QUOTE) {
    const after = scanString(walk.bytes, i + 1, walk.end);
    const name = textOf(walk.bytes, i + 1, after - 1);
    // The event's properties start a tree of paths of their own.
    const inner = place === null ? root() : { path: place.path.at(name), above: place, name };
    if (place !== null) {
      if (inner.path.taken) walk.fault ??= repeated(inner, own.has(name));
      inner.path.taken = true;
      own.add(name);
    }
    i = skipSpace(walk.bytes, after, walk.end);
    i = walkValue(walk, skipSpace(walk.bytes, i + 1, walk.end), inner);
    if (walk.fault !== null) return walk.end;
    i = next(walk, i);
  }
  return i + 1;
}

/** Objects in arrays start paths of their own, since no path leads into an array. */
function walkValue(walk: Walk, from: number, place: Place): number {
  const c = walk.bytes[from];
  if (c === QUOTE) return scanString(walk.bytes, from + 1, walk.end);
  if (c === OPEN_OBJECT) return walkObject(walk, from, place);
  let i = from;
  if (c === OPEN_ARRAY) {
    i = skipSpace(walk.bytes, from + 1, walk.end);
    while (i < walk.end && walk.bytes[i] !== CLOSE_ARRAY) i = next(walk, walkValue(walk, i, root()));
    return i + 1;
  }
  while (i < walk.end && !isDelimiter(walk.bytes[i]!)) i++;
  return i;
}

/** Past the space and comma after a value. */
function next(walk: Walk, from: number): number {
  const i = skipSpace(walk.bytes, from, walk.end);
  return walk.bytes[i] === COMMA ? skipSpace(walk.bytes, i + 1, walk.end) : i;
}

const isDelimiter = (c: number): boolean =>
  c === COMMA || c === CLOSE_ARRAY || c === CLOSE_OBJECT || c <= SPACE;

function repeated(place: Place, sameObject: boolean): Fault {
  const names: string[] = [];
  for (let at: Place | null = place; at !== null && at.above !== null; at = at.above) names.unshift(at.name);
  const path = names.join('.');
  const field = cutField(`properties.${path}`);
  return sameObject
    ? { code: 'duplicate_key', field, message: `${shown(path)} stands twice in one object.` }
    : {
        code: 'ambiguous_path',
        field,
        message: `Two properties have the dotted path ${shown(path)}; rename one of them.`,
      };
}
