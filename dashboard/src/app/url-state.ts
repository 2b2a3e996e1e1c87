import {
  DEFAULT_RANGE,
  isSameRange,
  type PageRange,
  readRangeParams,
  writeRange,
} from '../range/page-range.ts';
import { isSamePlace, type Place, readPlace, writePlace } from './place.ts';

export type Theme = 'ink' | 'paper';

/** The state of the page that is part of its address, so that a link shows the same. */
export interface UrlState {
  place: Place;
  range: PageRange;
  /** The moment that the page shows in place of now, epoch ms; null while it goes on. */
  paused: number | null;
  /** The focused panel. */
  panel: string | null;
  theme: Theme | null;
  /** The panels that show their figures as a table. */
  tables: readonly string[];
  /** The order of each table of groups that a reader has sorted. */
  sorts: readonly Sort[];
  /** What else the room of the place keeps in the address, by the names of `OWN`; what is empty is left out by most. */
  own: Own;
}

/** Parameters of one room, as text; the room reads them. */
export type Own = Readonly<Record<string, string>>;

/** The parameters that each room has for itself, in the order in which they are written. */
const OWN: Partial<Record<Place['room'], readonly string[]>> = {
  explore: [
    'metric',
    'output',
    'where',
    'by',
    'every',
    'against',
    'kind',
    'hide',
    'strip',
    'at',
    'until',
    'group',
  ],
  catalogue: ['find'],
  metric: [
    'id',
    'title',
    'unit',
    'better',
    'event',
    'where',
    'aggregate',
    'by',
    'window',
    'lateness',
    'expression',
  ],
  events: ['event', 'where', 'key', 'id', 'open', 'rejected'],
  connect: ['snippet'],
};
/** Rooms to which an empty one says something: a metric that is written differs from the saved one by it. */
const KEEPS_EMPTY: ReadonlySet<Place['room']> = new Set(['metric']);
/** Characters of one of them that are read: an address can be of any length. */
const LONGEST_OWN = 8_000;

/** The order of one table: by an output, or by the names of the groups where that is null. */
export interface Sort {
  panel: string;
  output: string | null;
  descending: boolean;
}

/** Reads an address; its calendar is that of `zone`. What cannot be read gets its default. */
export function readUrl(path: string, query: string, zone: string): UrlState {
  const params = new URLSearchParams(query);
  const range = readRangeParams(params, zone) ?? DEFAULT_RANGE;
  const at = Date.parse(params.get('paused') ?? '');
  const place = readPlace(path);
  return {
    place,
    range,
    paused: Number.isNaN(at) || range.kind === 'between' ? null : at,
    panel: params.get('panel'),
    theme: readTheme(params.get('theme')),
    tables: [...new Set(params.getAll('table'))],
    sorts: readSorts(params.getAll('sort')),
    own: ownOf(place, (name) => params.get(name)),
  };
}

/** Returns null for any other text. */
export const readTheme = (text: string | null): Theme | null =>
  text === 'ink' || text === 'paper' ? text : null;

/** The address of a state; defaults are left out. */
export function writeUrl(state: UrlState): string {
  const params = new URLSearchParams(ownOf(state.place, (name) => state.own[name]));
  writeRange(state.range, params);
  if (state.paused !== null) params.set('paused', new Date(state.paused).toISOString());
  if (state.panel !== null) params.set('panel', state.panel);
  if (state.theme !== null) params.set('theme', state.theme);
  for (const id of state.tables) params.append('table', id);
  for (const { panel, output, descending } of state.sorts)
    params.append('sort', `${panel}:${descending ? '-' : ''}${output ?? ''}`);
  return writePlace(state.place) + (params.size > 0 ? `?${params}` : '');
}

/** Returns what a place has of its own parameters. */
const ownOf = ({ room }: Place, read: (name: string) => string | null | undefined): Own =>
  Object.fromEntries(
    (OWN[room] ?? []).flatMap((name) => {
      const value = read(name) ?? null;
      if (value === null || value.length > LONGEST_OWN) return [];
      return value === '' && !KEEPS_EMPTY.has(room) ? [] : [[name, value]];
    }),
  );

/** `latency:-p99`: by p99, the largest first; `latency:`: by name. The last entry for a panel counts. */
function readSorts(texts: readonly string[]): Sort[] {
  const sorts = new Map<string, Sort>();
  for (const text of texts) {
    const match = /^(.*):(-?)([^:]*)$/s.exec(text);
    if (match !== null)
      sorts.set(match[1]!, { panel: match[1]!, output: match[3] || null, descending: match[2] === '-' });
  }
  return [...sorts.values()];
}

/** What a room has of its own, and leaves behind with it: time and theme go along. */
const OF_A_ROOM = { panel: null, tables: [], sorts: [], own: {} } satisfies Partial<UrlState>;

/** Returns the state after a change: another place begins without what belonged to the last one, and what stands still is not paused. */
export function changeUrl(state: UrlState, change: Partial<UrlState>): UrlState {
  const moved = change.place !== undefined && !isSamePlace(change.place, state.place);
  const still = change.range?.kind === 'between' ? { paused: null } : {};
  const next = { ...state, ...(moved ? OF_A_ROOM : {}), ...still, ...change };
  return change.own === undefined ? next : { ...next, own: ownOf(next.place, (name) => change.own![name]) };
}

/** Whether Back should return from there: other data is shown, not the same data in another way. */
export const isStep = (from: UrlState, to: UrlState): boolean =>
  !isSamePlace(from.place, to.place) ||
  !isSameRange(from.range, to.range) ||
  from.paused !== to.paused ||
  JSON.stringify(ownOf(from.place, (name) => from.own[name])) !==
    JSON.stringify(ownOf(to.place, (name) => to.own[name]));

/** Whether what is shown is now: neither a moment nor a range that stands still. */
export const isLive = ({ paused, range }: UrlState): boolean => paused === null && range.kind !== 'between';
