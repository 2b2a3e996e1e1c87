import { isName, isReserved, isWord, numberOf } from '#contracts/filter/filter-words.ts';
import { type Token, tokenAt } from '#contracts/filter/text-tokens.ts';
import { nearestNames } from '#contracts/text/nearest-names.ts';
import type { EventFacts } from '../app/schema-store.svelte.ts';
import { type Entry, findEntries, type Offer } from './entry.ts';
import { faultOfFilter } from './filter-parts.ts';
import {
  faultOfProperty,
  type Numbers,
  offerProperties,
  type PropertyFacts,
  rateText,
  shareText,
} from './schema-entries.ts';

/** Operators in the order of how often they are meant; those of numbers need a property with numbers. */
const OPERATORS = [
  { text: '=', about: 'is', numeric: false },
  { text: '!=', about: 'is not', numeric: false },
  { text: 'in (', about: 'one of several', numeric: false },
  { text: '>', about: 'above', numeric: true },
  { text: '>=', about: 'at least', numeric: true },
  { text: '<', about: 'below', numeric: true },
  { text: '<=', about: 'at most', numeric: true },
  { text: 'exists', about: 'is there', numeric: false },
  { text: 'contains', about: 'has this text in it', numeric: false },
  { text: 'starts with', about: 'begins with this text', numeric: false },
  { text: 'ends with', about: 'ends with this text', numeric: false },
  { text: 'matches', about: 'a regular expression (RE2)', numeric: false },
] as const;

/** The place in a condition at which the reader is. */
interface Place {
  /** The property as it is written, and as it is named. */
  written: string;
  path: string;
  /** What is typed after it, without space around. */
  rest: string;
}

/** Offers what a condition may go on with: properties, then operators, then the values that were seen. */
export function offerFilter(typed: string, facts: EventFacts | null, numbers: Numbers): Offer {
  const place = placeIn(typed);
  if (place === null) return offerPaths(typed.trim(), facts, numbers);
  const property = facts?.properties.find(({ path }) => path === place.path);
  const fault = faultOfProperty(facts, place.path, 'text');
  const value = /^(!=|=)\s*(?!=)/.exec(place.rest);
  if (value !== null) {
    const offered = offerValues(place, value[1]!, place.rest.slice(value[0].length), {
      property,
      facts,
      numbers,
    });
    if (fault === null) return offered;
    return { fault, ...offered, entries: [...renamed(place, facts), ...offered.entries] };
  }
  const whole = tidyCondition(typed);
  if (faultOfFilter(whole) === null) return { entries: [{ text: whole, about: 'as it is typed' }] };
  const operators = operatorEntries(place, property).filter(({ text }) =>
    text.startsWith(`${place.written} ${place.rest}`),
  );
  if (operators.length > 0) return fault === null ? { entries: operators } : { entries: operators, fault };
  return { entries: [], fault: faultOfFilter(whole) ?? '' };
}

/** The same condition about the properties that are called nearly so. */
function renamed({ path, rest }: Place, facts: EventFacts | null): Entry[] {
  const names = (facts?.properties ?? []).map((property) => property.path);
  const isWhole = faultOfFilter(`x ${rest}`) === null;
  return nearestNames(
    path,
    names.filter((name) => name !== path),
  ).map((name): Entry => {
    const text = `${writePath(name)} ${rest}`;
    return { text, about: 'the nearest name', ...(isWhole ? {} : { goesOn: `${text} ` }) };
  });
}

/** Null while the property is being typed. */
function placeIn(typed: string): Place | null {
  const first: Token = tokenAt(typed, 0);
  const isPath = first.kind === 'quoted' || (first.kind === 'word' && isName(first.text));
  if (!isPath || first.end === typed.length) return null;
  return { written: typed.slice(first.at, first.end), path: first.text, rest: typed.slice(first.end).trim() };
}

function offerPaths(typed: string, facts: EventFacts | null, numbers: Numbers): Offer {
  // What is quoted is not finished yet.
  const bare = typed.replace(/^"/, '');
  const { entries, fault } = offerProperties(facts, bare, { wanted: 'text', numbers });
  const goOn = entries.map((entry) =>
    entry.refused === undefined ? { ...entry, goesOn: `${writePath(entry.text)} ` } : entry,
  );
  const whole =
    faultOfFilter(typed) === null && typed !== '' ? [{ text: typed, about: 'as it is typed' }] : [];
  return fault === undefined || whole.length > 0
    ? { entries: [...whole, ...goOn] }
    : { entries: goOn, fault };
}

function operatorEntries({ written }: Place, property: PropertyFacts | undefined): Entry[] {
  const numeric = property === undefined || property.types.some(({ type }) => type === 'number');
  return OPERATORS.map(({ text, about, numeric: needsNumber }) => {
    const entry: Entry = { text: `${written} ${text}`, about };
    if (needsNumber && !numeric) return { ...entry, refused: 'needs a number' };
    return text === 'exists'
      ? entry
      : { ...entry, goesOn: `${written} ${text}${text.endsWith('(') ? '' : ' '}` };
  });
}

interface Known {
  property: PropertyFacts | undefined;
  facts: EventFacts | null;
  numbers: Numbers;
}

/** Values that were seen, what is absent, and what is typed. */
function offerValues(place: Place, sign: string, typed: string, known: Known): Offer {
  const { written } = place;
  const { property } = known;
  const condition = (value: string): string => `${written} ${sign} ${value}`;
  const several = listOf(written, sign, typed);
  if (several !== null)
    return faultOfFilter(several) === null
      ? { entries: [{ text: several, about: 'one of these' }] }
      : { entries: [], fault: faultOfFilter(several) ?? '' };
  const bare = typed.replace(/^"|"$/g, '');
  const seen = findEntries(valueEntries(known), bare).map(({ text, about, ...rest }) => ({
    ...rest,
    text: condition(about === MISSING_TEXT ? 'null' : writeValue(text, property)),
    ...(about === undefined ? {} : { about }),
  }));
  if (bare === '') return { entries: seen };
  const own = condition(faultOfFilter(condition(typed)) === null ? typed : JSON.stringify(bare));
  const isSeen = seen.some(({ text }) => text === own);
  return { entries: isSeen ? seen : [...seen, { text: own, about: 'as it is typed' }] };
}

/** `country = DE, AT` is meant as one of both. */
function listOf(written: string, sign: string, typed: string): string | null {
  if (!typed.includes(',') || typed.includes('"')) return null;
  const values = typed
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
  const words = values.map((value) => (isWord(value) && !isReserved(value) ? value : JSON.stringify(value)));
  return `${written} ${sign === '=' ? 'in' : 'not in'} (${words.join(', ')})`;
}

const MISSING_TEXT = 'missing';

function valueEntries({ property, facts, numbers }: Known): Entry[] {
  if (property === undefined || facts === null) return [];
  const all = Math.max(1, facts.sampled.events);
  const figures = (events: number) => ({
    value: facts.rate === null ? '' : rateText((facts.rate * events) / all, numbers),
    share: shareText(events / all),
  });
  // A value that was cut is no value any more.
  const whole = property.values.filter(({ value }) => !value.endsWith('…'));
  const absent =
    facts.sampled.events -
    property.events +
    (property.types.find(({ type }) => type === 'null')?.events ?? 0);
  return [
    ...whole.map(({ value, events }) => ({ text: value, ...figures(events) })),
    ...(absent > 0 ? [{ text: MISSING_TEXT, about: MISSING_TEXT, ...figures(absent) }] : []),
  ];
}

/** A value as the text form has it: what would be read as another one is quoted. */
function writeValue(value: string, property: PropertyFacts | undefined): string {
  if (value === 'null' || !isWord(value) || isReserved(value)) return JSON.stringify(value);
  const number = numberOf(value);
  const isNumber = number === null || String(number) === value;
  return isNumber || property?.types[0]?.type === 'number' ? value : JSON.stringify(value);
}

/** A property as the text form has it. */
export function writePath(path: string): string {
  return isWord(path) && isName(path) ? path : JSON.stringify(path);
}

/** Closes a list that is left open, which a reader who types sees no need for. */
export function tidyCondition(typed: string): string {
  const text = typed.trim();
  return /\bin\s*\([^()]*$/i.test(text) ? `${text.replace(/,\s*$/, '')})` : text;
}

/** What the field of a condition begins with, so that its value is chosen anew: the property and the operator. */
export function beginOf(condition: string): string {
  const place = placeIn(condition);
  const sign = place === null ? null : /^(!=|=)\s*(?!=)/.exec(place.rest);
  if (place === null || sign === null || /\s(and|or)\s/i.test(place.rest)) return condition;
  return `${place.written} ${sign[1]} `;
}
