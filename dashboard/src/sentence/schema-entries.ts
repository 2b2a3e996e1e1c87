import { nearestNames } from '#contracts/text/nearest-names.ts';
import type { SchemaAnswer } from '#contracts/view/schema-result.ts';
import type { EventFacts } from '../app/schema-store.svelte.ts';
import type { NumberFormat } from '../format/format-number.ts';
import { type Entry, findEntries, type Offer } from './entry.ts';

export type PropertyFacts = EventFacts['properties'][number];

/** Writes the numbers of lines. */
export type Numbers = Pick<NumberFormat, 'value'>;

/** What every event has beside its properties, as definitions name it. */
const ENVELOPE: readonly Entry[] = [
  { text: '$key', about: 'whose event it is' },
  { text: '$event', about: 'the name of the event' },
  { text: '$id', about: 'the id of the event' },
];

/** Events per second as a rate that is easy to read. */
export function rateText(perSecond: number | null, { value }: Numbers): string {
  if (perSecond === null) return '';
  if (perSecond >= 1) return `${value(perSecond)} /s`;
  return perSecond * 60 >= 1 ? `${value(perSecond * 60)} /min` : `${value(perSecond * 3_600)} /h`;
}

/** A share from 0 to 1. */
export function shareText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 1) return '< 1 %';
  return percent > 99 && percent < 100 ? '> 99 %' : `${Math.round(percent)} %`;
}

/** The names of events, the most frequent first. */
export const eventEntries = (answer: SchemaAnswer | null, numbers: Numbers): Entry[] =>
  (answer?.events ?? []).map(({ event, count, rate }) => ({
    text: event,
    about: `${numbers.value(count)} in a day`,
    value: rateText(rate, numbers),
  }));

/** Offers the names of events; one that was never seen may be taken, since its first event may be yet to come. */
export const offerEvents = (answer: SchemaAnswer | null, typed: string, numbers: Numbers): Offer =>
  offerNames(eventEntries(answer, numbers), typed, answer === null ? null : `No event ${typed} was seen.`);

/** `unseen`: what to say of a name that is like none; null while none are known. */
function offerNames(all: readonly Entry[], typed: string, unseen: string | null): Offer {
  const entries = findEntries(all, typed);
  if (typed === '' || all.some(({ text }) => text === typed)) return { entries };
  if (unseen === null) return { entries: [...entries, { text: typed, about: 'as it is typed' }] };
  const kept: Entry = { text: typed, about: 'not seen yet: keep it until it comes' };
  const isPart = all.some(({ text }) => text.toLowerCase().includes(typed.toLowerCase()));
  if (isPart) return { entries: [...entries, kept] };
  const near = new Set(
    nearestNames(
      typed,
      all.map(({ text }) => text),
    ),
  );
  const others = entries.filter(({ text }) => !near.has(text));
  return { entries: [...all.filter(({ text }) => near.has(text)), ...others, kept], fault: unseen };
}

/** The type of most values of a property. */
export const typeOf = ({ types }: PropertyFacts): string =>
  types.find(({ type }) => type !== 'null')?.type ?? 'null';

const isNumeric = ({ types }: PropertyFacts): boolean => types.some(({ type }) => type === 'number');
const hasText = ({ types }: PropertyFacts): boolean =>
  types.some(({ type }) => type === 'text' || type === 'number' || type === 'boolean');

function rangeText({ min, max }: PropertyFacts, { value }: Numbers): string {
  if (min === null || max === null) return '';
  return min === max ? value(min) : `${value(min)} to ${value(max)}`;
}

/** What a slot takes: numbers, or what has a text that tells apart. */
export type Wanted = 'number' | 'text';

/** The properties of an event as lines; those of the wrong type stay, with the reason. */
export function propertyEntries(facts: EventFacts | null, wanted: Wanted, numbers: Numbers): Entry[] {
  const own = (facts?.properties ?? []).map((property): Entry => {
    const about = property.types
      .filter(({ type }) => type !== 'null')
      .map(({ type }) => type)
      .join(', ');
    const entry: Entry = { text: property.path, about: about || 'null' };
    if (wanted === 'number')
      return isNumeric(property)
        ? { ...entry, value: rangeText(property, numbers) }
        : { ...entry, refused: 'needs a number' };
    if (!hasText(property)) return { ...entry, refused: `${typeOf(property)} has no text` };
    return { ...entry, value: differentText(property, facts!) };
  });
  const able = own.filter(({ refused }) => refused === undefined);
  const rest = own.filter(({ refused }) => refused !== undefined);
  return wanted === 'number' ? [...able, ...rest] : [...able, ...ENVELOPE, ...rest];
}

/** How many different values; a full sample has more of them. */
function differentText({ distinct, events }: PropertyFacts, { sampled }: EventFacts): string {
  const more = distinct > 20 && distinct > events / 2 ? 'over ' : '';
  const rare = events < sampled.events ? `, in ${shareText(events / sampled.events)}` : '';
  return `${more}${distinct} different${rare}`;
}

/** Offers the properties of an event. One that was never seen may be taken: it may be yet to come. */
export const offerProperties = (
  facts: EventFacts | null,
  typed: string,
  { wanted, numbers }: { wanted: Wanted; numbers: Numbers },
): Offer =>
  offerNames(
    propertyEntries(facts, wanted, numbers),
    typed,
    facts === null ? null : `${typed} was never seen in ${facts.event}.`,
  );

/** Returns why a property of a sentence cannot be, in words for the reader; null where it can, and where nothing is known. */
export function faultOfProperty(facts: EventFacts | null, path: string, wanted: Wanted): string | null {
  if (facts === null || facts.properties.length === 0 || path.startsWith('$')) return null;
  const property = facts.properties.find((one) => one.path === path);
  if (property === undefined) {
    if (facts.pathsLeftOut > 0) return null;
    const [near] = nearestNames(
      path,
      facts.properties.map((one) => one.path),
    );
    const hint = near === undefined ? '' : ` The nearest is ${near}.`;
    return `${path} was never seen in ${facts.event}.${hint}`;
  }
  if (wanted === 'number' && !isNumeric(property))
    return `${path} is ${typeOf(property)}: it needs a number.`;
  return wanted === 'text' && !hasText(property) ? `${path} is ${typeOf(property)}: it has no text.` : null;
}
