import { DEFAULT_RANGE, durationText, RANGES, readDuration } from './ranges.ts';

/** What of the page stands in its address, so that a link shows the same. */
export interface UrlState {
  /** The board; null is the list of boards. */
  board: string | null;
  range: number;
  /** The time the page is paused at, epoch ms; null while live. */
  paused: number | null;
  /** The focused panel. */
  panel: string | null;
  theme: 'ink' | 'paper' | null;
  /** The panels that show their figures as a table. */
  tables: readonly string[];
}

/** Reads an address. What cannot be read falls back to the page as it opens by itself. */
export function readUrl(path: string, query: string): UrlState {
  const match = /^\/boards\/([^/]+)\/?$/.exec(path);
  const params = new URLSearchParams(query);
  const range = readDuration(params.get('range'));
  const at = Date.parse(params.get('paused') ?? '');
  const theme = params.get('theme');
  return {
    board: match ? decode(match[1]!) : null,
    range: RANGES.find((r) => r === range) ?? DEFAULT_RANGE,
    paused: Number.isNaN(at) ? null : at,
    panel: params.get('panel'),
    theme: theme === 'ink' || theme === 'paper' ? theme : null,
    tables: [...new Set(params.getAll('table'))],
  };
}

/** The address of a state; what is as usual is left out. */
export function writeUrl(state: UrlState): string {
  const params = new URLSearchParams();
  if (state.range !== DEFAULT_RANGE) params.set('range', durationText(state.range));
  if (state.paused !== null) params.set('paused', new Date(state.paused).toISOString());
  if (state.panel !== null) params.set('panel', state.panel);
  if (state.theme !== null) params.set('theme', state.theme);
  for (const id of state.tables) params.append('table', id);
  const query = params.size > 0 ? `?${params}` : '';
  return (state.board === null ? '/' : `/boards/${encodeURIComponent(state.board)}`) + query;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
