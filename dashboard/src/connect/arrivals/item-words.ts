import type { VerdictWord as Shape } from '../../event-row/verdict-lines.ts';
import type { Formats } from '../../format/formats.ts';
import type { Arrival } from './arrival-list.ts';
import { repeated, type VerdictWord, type VerdictWords, verdictWords } from './verdict-words.ts';

/** `received`: nothing more is known, yet or at all. `test`: sent from this page. */
export type ResultWord = VerdictWord | 'received' | 'test';

/** The shape of each word; a ring where nothing is known of metrics. */
export const SHAPES: Readonly<Record<ResultWord, Shape | 'ring'>> = {
  counted: 'counted',
  late: 'late',
  'too old': 'late',
  skipped: 'skipped',
  duplicate: 'duplicate',
  filtered: 'not read',
  'no metric': 'not read',
  rejected: 'rejected',
  received: 'ring',
  test: 'ring',
};

/** What the list says of an event that came. */
export interface ItemWords {
  word: ResultWord;
  text: string;
  fix: string | null;
}

/** Returns the result of an event in one word, what was found, and what to do. */
export function itemWords({ judged, row, testedIn }: Arrival, { delay }: Pick<Formats, 'delay'>): ItemWords {
  if (testedIn !== null)
    return {
      word: 'test',
      text: `Sent from this page, ${delay(testedIn)} to the screen.`,
      fix: 'A test proves the way. It does not complete this step.',
    };
  switch (judged.state) {
    case 'known':
      return verdictWords(judged.verdict);
    case 'repeat':
      return repeated(row.id ?? null);
    case 'waiting':
      return {
        word: 'received',
        text: 'It is on disk. What metrics make of it follows in a moment.',
        fix: null,
      };
    default:
      return { word: 'received', text: UNKNOWN[judged.cause](judged.message), fix: null };
  }
}

const UNKNOWN: Record<'many' | 'not archived' | 'refused', (message: string | null) => VerdictWords['text']> =
  {
    many: () => 'It is on disk. Too many came at once to ask of each what metrics make of it.',
    'not archived': () => 'It is on disk. It is not in the archive yet: counting is behind, or stands still.',
    refused: (message) => `It is on disk. What metrics make of it cannot be read: ${message ?? ''}`,
  };
