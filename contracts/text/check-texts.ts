import { type ErrorCode, type Fault, shown } from '../errors.ts';

/** What a value from outside may hold at most. */
export interface TextLimits {
  /** UTF-16 units of one text or name. */
  length: number;
  /** Levels of lists and objects. */
  depth: number;
  /** Texts, names, numbers, lists and objects in all. */
  parts: number;
  /** Whether a text may hold half of a surrogate pair, as earlier versions stored it. */
  halves?: boolean;
}

/** Limits of a definition or a key request: far above what people write, far below what costs time. */
export const DEFINITION_TEXTS: TextLimits = { length: 8_000, depth: 24, parts: 50_000 };

/** Limits of a view request, which may name any value that an event can hold. */
export const REQUEST_TEXTS: TextLimits = { length: 65_536, depth: 24, parts: 50_000 };

/** A value and its path. */
interface Place {
  value: unknown;
  name: string;
  within: Place | null;
  depth: number;
}

/**
 * Why a value that was read from JSON or YAML cannot be kept or asked for, whatever it means; null where it can. A text must
 * be whole: half of a surrogate pair is one text in memory and another one in the Store. `code` is for what is too long, too
 * large, or a number that no JSON text can hold.
 */
export function checkTexts(
  root: unknown,
  code: ErrorCode,
  limits: TextLimits = DEFINITION_TEXTS,
): Fault | null {
  // A list in place of recursion: depth is judged here and must not be felt before.
  const open: Place[] = [{ value: root, name: '', within: null, depth: 0 }];
  let seen = 1;
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { value, name, depth } = place;
    const wrong = checkText(name, code, limits) ?? checkValue(value, code, limits);
    if (wrong !== null) return at(place, wrong);
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= limits.depth)
      return at(place, { code: 'too_deep', message: `nested more than ${limits.depth} levels deep.` });
    const names = Object.keys(value);
    seen += names.length;
    if (seen > limits.parts) return { code, message: `More than ${limits.parts} parts; send fewer.` };
    // Pushed in reverse, since the last is checked first: the fault reported is the first in the text.
    for (let i = names.length - 1; i >= 0; i--) {
      const inner = names[i]!;
      open.push({
        value: (value as Record<string, unknown>)[inner],
        name: inner,
        within: place,
        depth: depth + 1,
      });
    }
  }
  return null;
}

function checkValue(value: unknown, code: ErrorCode, limits: TextLimits): Fault | null {
  if (typeof value === 'number' && !Number.isFinite(value))
    return { code, message: `expected a number that a double can hold, got ${value}.` };
  return typeof value === 'string' ? checkText(value, code, limits) : null;
}

function checkText(text: string, code: ErrorCode, { length, halves = false }: TextLimits): Fault | null {
  if (text.length > length)
    return { code, message: `expected at most ${length} characters, got ${text.length}: ${shown(text)}.` };
  if (halves || text.isWellFormed()) return null;
  return { code: 'lone_surrogate', message: `${shown(text)} holds half of a surrogate pair.` };
}

/** The fault with the path to its place, built only here: a path for every value would cost more than the values. */
function at(place: Place, { code, message }: Fault): Fault {
  const names: string[] = [];
  for (let one: Place | null = place; one !== null; one = one.within) names.push(one.name);
  const path = names.reverse().slice(1).map(shownName).join('.');
  return path === '' ? { code, message } : { code, field: path, message: `${path}: ${message}` };
}

const shownName = (name: string): string => name.slice(0, 60).toWellFormed();
