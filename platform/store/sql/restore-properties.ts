import { MillraceError } from '#contracts/errors.ts';
import { pathOfColumn } from './property-texts.ts';

/** An object as its names and values in the order in which they are written: JSON text, or an object. */
type Members = [name: string, value: string | Members][];

/** Where a name of the engine's text stands: the object that its value belongs to, and what comes before it in the value's name. */
interface Place {
  owner: Members;
  before: string;
  /** The objects of this place by name: the engine writes an object's own tag before its members, under the same name. */
  objects: Map<string, Members>;
}

/**
 * Returns the JSON text of properties as the archive holds them (property-texts.ts), from the text that the engine makes of its JSON
 * column, which is nested by dots: each value is found at the path it had. The order of names is that of the engine. A number too large for a
 * double, kept as infinite, is written as 1e999. Throws `store_damaged` for any other text.
 */
export function restoreProperties(text: string): string {
  const all: Members = [];
  const outer: Place[] = [];
  let place: Place = { owner: all, before: '', objects: new Map() };
  let name: string | null = null;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === '{') {
      outer.push(place);
      if (name !== null) place = placeIn(place, name);
      name = null;
    } else if (sign === '}') place = outer.pop() ?? place;
    else if (sign === '"') {
      const end = endOfText(text, at);
      const read = String(JSON.parse(text.slice(at, end)));
      if (name === null) name = read;
      else {
        addValue(place, name, read);
        name = null;
      }
      at = end - 1;
    } else if (sign !== ':' && sign !== ',') throw damaged();
  }
  return write(all);
}

/** The place of what the engine has nested under a name: in an object of that name, or part of a longer name with dots. */
function placeIn({ owner, before, objects }: Place, name: string): Place {
  const object = objects.get(name) ?? (name === '' ? objects.get(EMPTY) : undefined);
  return object === undefined
    ? { owner, before: `${before}${name}.`, objects: new Map() }
    : { owner: object, before: '', objects: new Map() };
}

function addValue({ owner, before, objects }: Place, name: string, tagged: string): void {
  const value: string | Members = tagged === 'o' ? [] : jsonOf(tagged);
  owner.push([pathOfColumn(before + name), value]);
  if (typeof value !== 'string') objects.set(name, value);
}

/** As deep as events may be nested, and no deeper. */
const write = (members: Members): string =>
  `{${members.map(([name, value]) => `${JSON.stringify(name)}:${typeof value === 'string' ? value : write(value)}`).join()}}`;

/** How a path is kept, where it is empty. */
const EMPTY = '%';

/** JSON text of a tagged value. */
function jsonOf(tagged: string): string {
  const rest = tagged.slice(1);
  switch (tagged[0]) {
    case 's':
      return JSON.stringify(rest);
    case 'n':
    case 'b':
    case 'a':
      return rest;
    case 'x':
      return rest.startsWith('-') ? '-1e999' : '1e999';
    default:
      return 'null';
  }
}

/** The index behind the closing quote of the JSON string that begins at `from`. */
function endOfText(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  throw damaged();
}

/** Without the text: it is somebody's data. */
const damaged = (): MillraceError =>
  new MillraceError({
    code: 'store_damaged',
    message: 'The Store holds properties of an event that cannot be read.',
  });
