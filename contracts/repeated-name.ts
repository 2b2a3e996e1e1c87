import { type Fault, shown } from './errors.ts';
import { scanString, skipSpace, textOf } from './json-bytes.ts';

interface Walk {
  bytes: Uint8Array;
  end: number;
  fault: Fault | null;
}

/**
 * Looks at names exactly: the first object that names a key twice (`duplicate_key`), or two properties with one dotted
 * path (`ambiguous_path`); null when there is neither. The span holds one event that is valid JSON.
 */
export function findRepeatedName(bytes: Uint8Array, from: number, end: number): Fault | null {
  const walk: Walk = { bytes, end, fault: null };
  walkObject(walk, from, null, new Set());
  return walk.fault;
}

/** `prefix` is what stands before the names, the dot included; null for the event itself, whose fields are no properties. */
function walkObject(walk: Walk, from: number, prefix: string | null, paths: Set<string>): number {
  const own = new Set<string>();
  let i = skipSpace(walk.bytes, from + 1, walk.end);
  while (walk.bytes[i] === 0x22) {
    const after = scanString(walk.bytes, i + 1, walk.end);
    const name = textOf(walk.bytes, i + 1, after - 1);
    const full = prefix === null ? null : prefix + name;
    if (full !== null && paths.has(full)) walk.fault ??= repeated(full, own.has(name));
    own.add(name);
    if (full !== null) paths.add(full);
    i = skipSpace(walk.bytes, after, walk.end);
    // The event's properties start a tree of paths of their own.
    i = walkValue(walk, skipSpace(walk.bytes, i + 1, walk.end), full === null ? '' : `${full}.`, paths);
    i = next(walk, i);
  }
  return i + 1;
}

/** Objects in arrays start paths of their own, since no path leads into an array. */
function walkValue(walk: Walk, from: number, prefix: string, paths: Set<string>): number {
  const c = walk.bytes[from];
  if (c === 0x22) return scanString(walk.bytes, from + 1, walk.end);
  if (c === 0x7b) return walkObject(walk, from, prefix, paths);
  let i = from;
  if (c === 0x5b) {
    i = skipSpace(walk.bytes, from + 1, walk.end);
    while (walk.bytes[i] !== 0x5d) i = next(walk, walkValue(walk, i, '', new Set()));
    return i + 1;
  }
  while (i < walk.end && !isDelimiter(walk.bytes[i]!)) i++;
  return i;
}

/** Past the space and comma after a value. */
function next(walk: Walk, from: number): number {
  const i = skipSpace(walk.bytes, from, walk.end);
  return walk.bytes[i] === 0x2c ? skipSpace(walk.bytes, i + 1, walk.end) : i;
}

const isDelimiter = (c: number): boolean => c === 0x2c || c === 0x5d || c === 0x7d || c <= 0x20;

function repeated(path: string, sameObject: boolean): Fault {
  const field = `properties.${path}`;
  return sameObject
    ? { code: 'duplicate_key', field, message: `${shown(path)} stands twice in one object.` }
    : {
        code: 'ambiguous_path',
        field,
        message: `Two properties have the dotted path ${shown(path)}; rename one of them.`,
      };
}
