import type { BoardEntry } from '../../app/api.ts';
import { boardAt, type Place, writePlace } from '../../app/place.ts';
import { formatSpan } from '../../format/format-duration.ts';
import { last, type PageRange, RANGES } from '../../range/page-range.ts';
import { type Match, matchWords } from '../../ui/match-words.ts';
import type { RoomEntry } from '../room.ts';

export const KINDS = ['Recent', 'Do', 'Pages', 'Boards', 'Panels', 'Metrics'] as const;
export type ItemKind = (typeof KINDS)[number];

/** What a choice does: a step to a place, or an action of the page by its name. */
export type Choice =
  | { to: Place; panel: string | null }
  | { range: PageRange }
  | { action: 'pause' | 'live' | 'copy link' | 'ink' | 'paper' | 'system theme' | 'shortcuts' | 'letters' };

export interface Item {
  /** Names it also in what was chosen before, so it stays the same between visits. */
  id: string;
  kind: Exclude<ItemKind, 'Recent'>;
  name: string;
  /** Beside the name; it is searched too. */
  about: string;
  /** The shortcut that does the same. */
  key: string;
  choice: Choice;
}

/** What decides which actions there are. */
export interface PageFacts {
  /** Whether what is shown is of a time. */
  timed: boolean;
  live: boolean;
  letters: boolean;
}

/** Returns everything that can be chosen on the page as it is. */
export function paletteItems(
  rooms: readonly RoomEntry[],
  boards: readonly BoardEntry[],
  facts: PageFacts,
): Item[] {
  return [
    ...actions(facts),
    ...rooms.map(
      ({ name, key, place }): Item => ({
        ...{ id: `page:${writePlace(place)}`, kind: 'Pages', name, about: '', key: `G ${key}` },
        choice: { to: place, panel: null },
      }),
    ),
    ...boards.map(
      ({ id, title }): Item => ({
        ...{ id: `board:${id}`, kind: 'Boards', name: title, about: title === id ? '' : id, key: '' },
        choice: { to: boardAt(id), panel: null },
      }),
    ),
    ...boards.flatMap((board) => [...panelsOf(board), ...metricsOf(board)]),
  ];
}

const panelsOf = (board: BoardEntry): Item[] =>
  board.panels
    .filter(({ title }) => title !== '')
    .map(({ id, title }) => ({
      ...{ id: `panel:${board.id}:${id}`, kind: 'Panels', name: title, about: board.title, key: '' },
      choice: { to: boardAt(board.id), panel: id },
    }));

/** The metrics of a board, each by the first panel that shows it. */
function metricsOf(board: BoardEntry): Item[] {
  const first = new Map(board.panels.toReversed().map((panel) => [panel.metric, panel]));
  return [...first.values()].toReversed().map(({ id, title, metric }) => ({
    ...{ id: `metric:${metric}:${board.id}`, kind: 'Metrics', name: metric, key: '' },
    about: title === '' ? board.title : `${title} on ${board.title}`,
    choice: { to: boardAt(board.id), panel: id },
  }));
}

function actions({ timed, live, letters }: PageFacts): Item[] {
  const item = (name: string, about: string, key: string, choice: Choice): Item => ({
    ...{ id: `do:${name}`, kind: 'Do', name, about, key, choice },
  });
  const time = [
    live
      ? item('Pause', 'keep what is shown', 'Space', { action: 'pause' })
      : item('Back to live', 'show what is now', 'L', { action: 'live' }),
    ...RANGES.map((ms, i) =>
      item(`Show the last ${formatSpan(ms)}`, 'range', i < 9 ? String(i + 1) : '', {
        range: last(ms),
      }),
    ),
  ];
  return [
    ...(timed ? time : []),
    item('Copy the link to this page', 'share the address with what it shows', '', { action: 'copy link' }),
    item('Theme: ink', 'dark', 'T', { action: 'ink' }),
    item('Theme: paper', 'light', 'T', { action: 'paper' }),
    item('Theme: as the system', 'follows the browser', '', { action: 'system theme' }),
    item('Show keyboard shortcuts', 'list of keys', '?', { action: 'shortcuts' }),
    item(`Shortcuts of one character: ${letters ? 'switch off' : 'switch on'}`, 'letters, digits', '', {
      action: 'letters',
    }),
  ];
}

/** An item that fits what was typed. */
export interface Found {
  item: Item;
  kind: ItemKind;
  /** What is marked in its name, and beside it. */
  marks: Match['marks'];
  aboutMarks: Match['marks'];
}

/** Rows of the list: more are found by typing more. */
export const MOST_FOUND = 40;
/** Of a word in what stands beside the name. */
const BESIDE = 0.5;
/** Of the likeness of the best: what is worse is chance beside it. */
const LEAST_SHARE = 0.5;
/** For what was chosen before, less than any likeness is worth. */
const KNOWN = 0.25;

/** Returns what fits, in groups of a kind, the best group first. `>` before the words finds what can be done only. */
export function findItems(items: readonly Item[], typed: string, recent: readonly string[]): Found[] {
  const isDo = typed.startsWith('>');
  const query = (isDo ? typed.slice(1) : typed).trim();
  if (query === '' && !isDo) return begin(items, recent);
  const scored = items
    .filter(({ kind }) => !isDo || kind === 'Do')
    .flatMap((item) => {
      const match = matchItem(item, query);
      return match === null
        ? []
        : [{ ...match, score: match.score + (recent.includes(item.id) ? KNOWN : 0) }];
    })
    .sort((a, b) => b.score - a.score);
  const least = (scored[0]?.score ?? 0) * LEAST_SHARE;
  const likely = scored.filter(({ score }) => score >= least).slice(0, MOST_FOUND);
  const kinds = [...new Set(likely.map(({ kind }) => kind))];
  return kinds.flatMap((kind) => likely.filter((found) => found.kind === kind));
}

/** Before anything is typed: what was chosen before, then where one can go and what one can do. */
function begin(items: readonly Item[], recent: readonly string[]): Found[] {
  const plain = (item: Item, kind: ItemKind = item.kind): Found => ({
    item,
    kind,
    marks: [],
    aboutMarks: [],
  });
  const known = recent.flatMap((id) =>
    items.filter((item) => item.id === id).map((item) => plain(item, 'Recent')),
  );
  const rest = (['Pages', 'Boards', 'Do'] as const).flatMap((kind) =>
    items.filter((item) => item.kind === kind && !recent.includes(item.id)).map((item) => plain(item)),
  );
  return [...known, ...rest].slice(0, MOST_FOUND);
}

/** All words in the name, or each in the name or beside it. */
function matchItem(item: Item, query: string): (Found & { score: number }) | null {
  const { name, about, kind } = item;
  const byName = matchWords(query, name);
  if (byName !== null) return { item, kind, marks: byName.marks, aboutMarks: [], score: byName.score };
  const words = query.split(/\s+/);
  const inName = words.filter((word) => matchWords(word, name) !== null);
  const beside = words.filter((word) => !inName.includes(word));
  const byAbout = matchWords(beside.join(' '), about);
  if (byAbout === null) return null;
  const marks = matchWords(inName.join(' '), name);
  return {
    ...{ item, kind, marks: marks?.marks ?? [], aboutMarks: byAbout.marks },
    score: (marks?.score ?? 0) + byAbout.score * BESIDE,
  };
}
