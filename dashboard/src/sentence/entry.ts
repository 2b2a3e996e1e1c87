import { matchWords } from '../ui/match-words.ts';

/** One line of what a slot offers. */
export interface Entry {
  /** What the slot says when the line is taken. */
  text: string;
  /** What is remarked about it. */
  about?: string;
  /** A figure at the right, and one more beside it. */
  value?: string;
  share?: string;
  /** Why it cannot be chosen; it stays in the list. */
  refused?: string;
  /** What the field goes on with in place of being done, such as a property that needs a value. */
  goesOn?: string;
}

/** What a slot shows for what is typed. */
export interface Offer {
  entries: readonly Entry[];
  /** Why what is typed cannot be, in words for the reader; the entries are then the nearest names. */
  fault?: string;
}

/** Lines that are drawn at most. */
const MOST_SHOWN = 50;

/** Returns the entries that fit, the best ones first and else in their order. */
export function findEntries(entries: readonly Entry[], typed: string): Entry[] {
  const found = entries.flatMap((entry) => {
    const match = matchWords(typed, entry.text);
    return match === null ? [] : [{ entry, score: match.score }];
  });
  return found
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST_SHOWN)
    .map(({ entry }) => entry);
}

/** Returns the line that is chosen first: the one that the slot says, else the first that can be chosen; -1 where there is none. */
export function firstChoice(entries: readonly Entry[], said: string): number {
  const same = entries.findIndex(({ text, refused }) => text === said && refused === undefined);
  return same === -1 ? entries.findIndex(({ refused }) => refused === undefined) : same;
}

/** Returns the line after a step, going round; those that cannot be chosen are stopped at, since they say why. */
export function stepTo(entries: readonly Entry[], at: number, by: 1 | -1): number {
  if (entries.length === 0) return -1;
  if (at === -1) return by === 1 ? 0 : entries.length - 1;
  return (at + by + entries.length) % entries.length;
}
