import { parseExpression } from '#contracts/metric/expression/parse-expression.ts';
import { durationOf, parseDuration } from '#contracts/text/duration.ts';
import type { SchemaAnswer } from '#contracts/view/schema-result.ts';
import type { EventFacts } from '../app/schema-store.svelte.ts';
import { formatSpan } from '../format/format-duration.ts';
import { type Entry, findEntries, type Offer } from '../sentence/entry.ts';
import { eventEntries, type Numbers, offerEvents, propertyEntries } from '../sentence/schema-entries.ts';
import { splitList } from './draft.ts';
import type { Listed } from './metric-list.ts';

export const ANY_EVENT = 'any event';

/** Offers events, every one of them, or several that are written with commas. */
export function offerMetricEvents(answer: SchemaAnswer | null, typed: string, numbers: Numbers): Offer {
  if (typed.includes(',') && splitList(typed).length > 0) {
    const known = new Set(eventEntries(answer, numbers).map(({ text }) => text));
    const unseen = splitList(typed).filter((name) => !known.has(name));
    const about = unseen.length === 0 ? 'one of these' : `not seen yet: ${unseen.join(', ')}`;
    return { entries: [{ text: splitList(typed).join(','), about }] };
  }
  const any = findEntries([{ text: ANY_EVENT, about: 'whatever its name' }], typed);
  const { entries, fault } = offerEvents(answer, typed, numbers);
  const all = typed === '' ? [...entries, ...any] : [...any, ...entries];
  return fault === undefined || any.length > 0 ? { entries: all } : { entries: all, fault };
}

/** Offers properties to split by, with how many groups they make. */
export function offerDimensions(
  facts: EventFacts | null,
  typed: string,
  { taken, numbers }: { taken: readonly string[]; numbers: Numbers },
): Offer {
  const all = propertyEntries(facts, 'text', numbers).map((entry) =>
    taken.includes(entry.text) ? { ...entry, refused: 'is split by already' } : entry,
  );
  const entries = findEntries(all, typed);
  const isKnown = typed === '' || all.some(({ text }) => text === typed);
  return { entries: isKnown ? entries : [...entries, { text: typed, about: 'as it is typed' }] };
}

const WINDOWS = ['10s', '1s', '5s', '30s', '1m', '5m', '10m', '1h', '1d'];
const UNITS = ['s', 'm', 'h'];
const MOST = durationOf('1d');

/** Offers windows: the usual ones, or a number in each unit. */
export function offerWindows(typed: string): Offer {
  const number = /^\s*(\d+)\s*$/.exec(typed)?.[1];
  const texts = number === undefined ? WINDOWS : UNITS.map((unit) => `${number}${unit}`);
  const written = typed.replaceAll(' ', '');
  const own = parseDuration(written, 'window').ok ? [written] : [];
  const entries = (own.length > 0 && !texts.includes(own[0]!) ? [...own, ...texts] : texts).map(windowEntry);
  const found = number === undefined && own.length === 0 ? findEntries(entries, typed) : entries;
  if (found.length > 0) return { entries: found };
  return { entries, fault: `${typed} is no window. Write 10s, 1m or 1h.` };
}

function windowEntry(text: string): Entry {
  const ms = durationOf(text);
  const about = formatSpan(ms);
  if (ms < 1_000 || ms % 1_000 !== 0) return { text, about, refused: 'whole seconds only' };
  return ms > MOST ? { text, about, refused: 'at most a day' } : { text, about };
}

const NAME_AT_END = /("[^"]*|[\p{L}_][\p{L}\p{N}_]*)$/u;

/** What a value may follow. */
const TAKES_VALUE = /^\s*$|[-+*/×·÷−(,]\s*$/;

/** Offers how an expression goes on: metrics by what is typed last; the whole where it can be read. */
export function offerExpression(typed: string, metrics: readonly Listed[]): Offer {
  const begun = NAME_AT_END.exec(typed)?.[0] ?? '';
  const before = typed.slice(0, typed.length - begun.length);
  const names = metrics
    .filter(({ fault }) => fault === null)
    .map(({ id, title }) => ({ text: id, about: title }));
  const found = !TAKES_VALUE.test(before) ? [] : findEntries(names, begun.replaceAll('"', ''));
  const goOn = found.map(({ text, about }): Entry => {
    const written = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(text) ? text : JSON.stringify(text);
    return { text: `${before}${written}`, about: about ?? '', goesOn: `${before}${written} ` };
  });
  const whole = parseExpression(typed);
  if (whole.ok) return { entries: [{ text: typed.trim(), about: 'as it is typed' }, ...goOn] };
  if (goOn.length > 0 || typed.trim() === '') return { entries: goOn };
  return { entries: [], fault: whole.fault.message.replace(/^expression: /, '') };
}
