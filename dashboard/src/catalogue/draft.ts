import type { Where } from '#contracts/filter/where.ts';
import { isRecord } from '#contracts/is-record.ts';
import { parseAggregate } from '#contracts/metric/aggregate-call.ts';
import { metricsIn } from '#contracts/metric/expression/expression.ts';
import { parseExpression } from '#contracts/metric/expression/parse-expression.ts';
import { parseDuration } from '#contracts/text/duration.ts';
import { faultOfFilter, textOfWhere, whereOfText } from '../sentence/filter-parts.ts';
import { UNCHOSEN } from './what-entries.ts';

/** A metric while it is written: each field as its slot and the address have it. */
export interface Draft {
  id: string;
  title: string;
  unit: string;
  /** `higher`, `lower` or empty. */
  better: string;
  /** A name, several with commas between, or `*`. */
  event: string;
  /** As definitions have it, such as `p99(amount)`; `…` is the property while none is chosen. */
  aggregate: string;
  /** A filter as text. */
  where: string;
  /** Dimensions with commas between; a JSON list where one has a comma in it. */
  by: string;
  window: string;
  lateness: string;
  /** What is computed from other metrics, in place of event and aggregate; empty for one that counts events. */
  expression: string;
}

export const FRESH: Draft = {
  ...{ id: '', title: '', unit: '', better: '', event: '', aggregate: 'count', where: '', by: '' },
  ...{ window: '10s', lateness: '', expression: '' },
};
const FIELDS = Object.keys(FRESH) as (keyof Draft)[];

/** A saved definition as the server returns it. */
export type Saved = Readonly<Record<string, unknown>>;

/** Returns the draft of a saved definition. */
export function draftOf(saved: Saved): Draft {
  const { event, where, groupBy, title, id } = saved;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    ...{ id: text(id), title: title === id ? '' : text(title), unit: text(saved.unit) },
    ...{ better: text(saved.better), event: joinList([event].flat().filter(isText)) },
    aggregate: text(saved.aggregate) || 'count',
    where: textOfWhere(isRecord(where) || typeof where === 'string' ? (where as Where) : null),
    by: joinList([groupBy ?? []].flat().filter(isText)),
    ...{ window: text(saved.window), lateness: text(saved.lateness), expression: text(saved.expression) },
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** Returns the draft that an address holds: what it says, over what is saved. */
export function readDraft(base: Draft, own: Readonly<Record<string, string>>): Draft {
  const said = FIELDS.filter((field) => own[field] !== undefined).map((field) => [field, own[field]]);
  return { ...base, ...Object.fromEntries(said) };
}

/** Returns what an address needs of a draft: what differs from what is saved. */
export const writeDraft = (draft: Draft, base: Draft): Record<string, string> =>
  Object.fromEntries(
    FIELDS.filter((field) => draft[field] !== base[field]).map((field) => [field, draft[field]]),
  );

/** Names in one text. */
export function joinList(names: readonly string[]): string {
  const plain = names.every((name) => !/[,[\s]/.test(name));
  return plain || names.length === 0 ? names.join(',') : JSON.stringify(names);
}

export function splitList(text: string): string[] {
  if (text.startsWith('[')) {
    try {
      const read: unknown = JSON.parse(text);
      if (Array.isArray(read)) return read.filter(isText);
    } catch {
      // A name may begin like a list.
    }
  }
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** Returns the definition of a draft, as it is sent; what the sentence has no slot for stays as it is saved. */
export function definitionOf(draft: Draft, saved: Saved | null): Record<string, unknown> {
  const { title, unit, better, window, lateness } = draft;
  const shown = {
    ...(title === '' ? {} : { title }),
    ...(unit === '' ? {} : { unit }),
    ...(better === '' ? {} : { better }),
  };
  const by = splitList(draft.by);
  const groups = by.length === 0 ? {} : { groupBy: by };
  const windows = window === '' ? {} : { window };
  if (isDerivedDraft(draft)) return { ...shown, expression: draft.expression, ...groups, ...windows };
  const events = splitList(draft.event);
  // Panes fit the window and the aggregate that they were made for.
  const isSame = saved?.window === window && saved?.aggregate === draft.aggregate;
  return {
    ...shown,
    ...(events.length === 0 ? {} : { event: events.length === 1 ? events[0] : events }),
    ...(draft.where === '' ? {} : { where: whereOfText(draft.where) }),
    aggregate: draft.aggregate,
    ...groups,
    ...windows,
    ...(isSame && saved.pane !== undefined ? { pane: saved.pane } : {}),
    ...(lateness === '' ? {} : { lateness }),
    ...(saved?.retention === undefined ? {} : { retention: saved.retention }),
  };
}

export const isDerivedDraft = ({ expression }: Draft): boolean => expression !== '';

/** What a draft lacks or has wrong, by the slot that it is about. */
export interface DraftFault {
  slot: 'event' | 'what' | 'where' | 'window' | 'expression';
  /** In words for the reader. */
  text: string;
  /** Nothing is wrong so far: it is not finished. */
  unfinished?: true;
}

/** Returns what keeps a draft from being asked for; the server judges the rest. */
export function faultsOf(draft: Draft): DraftFault[] {
  const faults: DraftFault[] = [];
  if (draft.window !== '' && !parseDuration(draft.window, 'window').ok)
    faults.push({ slot: 'window', text: `${draft.window} is no window. Write 10s, 1m or 1h.` });
  if (isDerivedDraft(draft)) return [...faults, ...faultsOfExpression(draft.expression)];
  if (splitList(draft.event).length === 0)
    faults.push({ slot: 'event', text: 'Choose an event.', unfinished: true });
  const call = parseAggregate(draft.aggregate);
  if (call.ok && call.value.field === UNCHOSEN)
    faults.push({ slot: 'what', text: 'Choose a property.', unfinished: true });
  else if (!call.ok) faults.push({ slot: 'what', text: call.fault.message });
  const where = faultOfFilter(draft.where);
  if (where !== null) faults.push({ slot: 'where', text: where });
  return faults;
}

function faultsOfExpression(text: string): DraftFault[] {
  if (text === UNCHOSEN)
    return [{ slot: 'expression', text: 'Write what it is computed from.', unfinished: true }];
  const read = parseExpression(text);
  return read.ok ? [] : [{ slot: 'expression', text: read.fault.message }];
}

const ID_SIGNS = /[^a-z0-9_]+/g;
/** Characters of a name that is made up. */
const LONGEST_NAME = 60;

/** Returns an id for what a draft says, which is free. */
export function suggestId(draft: Draft, taken: ReadonlySet<string>): string {
  const events = splitList(draft.event);
  const event = events[0] === '*' || events.length === 0 ? 'events' : events[0]!;
  const call = parseAggregate(draft.aggregate);
  const what = call.ok ? `${/^[a-z0-9_]+/.exec(draft.aggregate)?.[0] ?? ''} ${call.value.field ?? ''}` : '';
  const parts = parseExpression(draft.expression);
  const words = isDerivedDraft(draft)
    ? (parts.ok ? metricsIn(parts.value) : []).join(' per ')
    : `${event} ${what} ${splitList(draft.by)
        .map((one) => `by ${one}`)
        .join(' ')}`;
  const plain = words
    .toLowerCase()
    .normalize('NFD')
    .replace(ID_SIGNS, '_')
    .replace(/^_+|_+$/g, '');
  const name = plain.slice(0, LONGEST_NAME) || 'metric';
  for (let n = 1; ; n++) {
    const id = n === 1 ? name : `${name}_${n}`;
    if (!taken.has(id)) return id;
  }
}
