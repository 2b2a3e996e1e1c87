import { DEFAULT_RANGE, type PageRange, readRangeParams, writeRange } from '../range/page-range.ts';
import { LOCAL } from '../range/reader-calendar.ts';

export type Theme = 'ink' | 'paper';

/** The state of the page that is part of its address, so that a link shows the same. */
export interface UrlState {
  /** The board; null is the list of boards. */
  board: string | null;
  /** The path, where the page has nothing at it; null elsewhere. */
  unknown: string | null;
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
}

/** The order of one table: by an output, or by the names of the groups where that is null. */
export interface Sort {
  panel: string;
  output: string | null;
  descending: boolean;
}

/** Where the list of boards is. */
const HOME = /^\/(index\.html|boards\/?)?$/;

/** Reads an address. What cannot be read gets its default. */
export function readUrl(path: string, query: string): UrlState {
  const match = /^\/boards\/([^/]+)\/?$/.exec(path);
  const board = match ? decode(match[1]!) : null;
  const params = new URLSearchParams(query);
  const range = readRangeParams(params, LOCAL.zone) ?? DEFAULT_RANGE;
  const at = Date.parse(params.get('paused') ?? '');
  return {
    board,
    unknown: board === null && !HOME.test(path) ? path : null,
    range,
    paused: Number.isNaN(at) || range.kind === 'between' ? null : at,
    panel: params.get('panel'),
    theme: readTheme(params.get('theme')),
    tables: [...new Set(params.getAll('table'))],
    sorts: readSorts(params.getAll('sort')),
  };
}

/** Returns null for any other text. */
export const readTheme = (text: string | null): Theme | null =>
  text === 'ink' || text === 'paper' ? text : null;

/** The address of a state; defaults are left out. */
export function writeUrl(state: UrlState): string {
  const params = new URLSearchParams();
  writeRange(state.range, params);
  if (state.paused !== null) params.set('paused', new Date(state.paused).toISOString());
  if (state.panel !== null) params.set('panel', state.panel);
  if (state.theme !== null) params.set('theme', state.theme);
  for (const id of state.tables) params.append('table', id);
  for (const { panel, output, descending } of state.sorts)
    params.append('sort', `${panel}:${descending ? '-' : ''}${output ?? ''}`);
  const query = params.size > 0 ? `?${params}` : '';
  const home = state.unknown ?? '/';
  return (state.board === null ? home : `/boards/${encodeURIComponent(state.board)}`) + query;
}

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

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** Characters of a path that are shown. */
const SHOWN_PATH = 120;

/** Returns the path of an address decoded and cut where it is long, and its last part, which may be a name. */
export function readablePath(path: string): { text: string; last: string } {
  const read = decode(path) ?? path;
  const text = read.length > SHOWN_PATH ? `${read.slice(0, SHOWN_PATH)}…` : read;
  return { text, last: text.split('/').findLast((part) => part !== '') ?? '' };
}
