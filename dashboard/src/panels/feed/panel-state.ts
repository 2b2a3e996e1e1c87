import type { ConnectionStatus } from '#client/types.ts';
import type { Refusal } from '#contracts/view/protocol.ts';
import { asksForKey } from '../../app/page-key.ts';
import { formatSpan } from '../../format/format-duration.ts';
import type { Formats } from '../../format/formats.ts';
import type { PageRange } from '../../range/page-range.ts';
import { rangeLabel } from '../../range/range-label.ts';

export type PanelCondition =
  | 'waiting'
  | 'refused'
  | 'empty'
  | 'unmatched'
  | 'paused'
  | 'stale'
  | 'closed'
  | 'reconnecting'
  | 'live';

export interface ConditionInput {
  refusal: Refusal | null;
  known: boolean;
  /** No window of the range holds anything. */
  isEmpty: boolean;
  /** Whether the view has a filter of its own, so that events may come and none match. */
  filtered: boolean;
  paused: number | null;
  /** Whether the range stands still. */
  closed: boolean;
  stale: boolean;
  link: Pick<ConnectionStatus, 'state'>;
}

/** Returns one condition: what the reader must know first. */
export function conditionOf(input: ConditionInput): PanelCondition {
  // A key is missing, not an answer: what was drawn stays until there is another.
  if (input.refusal !== null && asksForKey(input.refusal.code))
    return input.known ? 'reconnecting' : 'waiting';
  if (input.refusal !== null) return 'refused';
  if (!input.known) return 'waiting';
  if (input.paused !== null) return 'paused';
  if (input.stale) return 'stale';
  if (input.link.state !== 'live') return 'reconnecting';
  if (input.isEmpty) return input.filtered ? 'unmatched' : 'empty';
  return input.closed ? 'closed' : 'live';
}

/** `try 3 in 2 s`, or `try 3` while it is under way. */
export function attemptLabel(
  { attempt, nextTryAt }: Pick<ConnectionStatus, 'attempt' | 'nextTryAt'>,
  now: number,
): string {
  const wait = nextTryAt === null ? 0 : Math.ceil((nextTryAt - now) / 1_000);
  return `try ${Math.max(1, attempt)}${wait > 0 ? ` in ${wait} s` : ''}`;
}

export interface Tag {
  /** Shape: filled, outlined, dashed, critical. */
  shape: 'inv' | 'ln' | 'dash' | 'cr';
  text: string;
  /** For headers with little room. */
  short: string;
  /** The full text where it is longer; `text` otherwise. */
  title?: string;
  glyph?: 'reconnecting';
  /** Whether it is shown only after a moment: mostly it is over at once. */
  late?: boolean;
}

/** Returns the tag in the header; null where the age says enough, and while paused, which the page says once for all panels. */
export function tagOf(
  condition: PanelCondition,
  facts: {
    asOf: number | null;
    now: number;
    link: ConnectionStatus;
    localNow: number;
    code: Refusal['code'] | null;
    /** Share of the history that is in, 0 to 1; null when all of it is. */
    filled: number | null;
    /** Why the rest of it cannot be filled in so far. */
    fillFault: string | null;
    /** All events of the server, per second; null where no process reports. */
    ingestRate: number | null;
    /** The range of what is loading, while what was shown before stays; null where nothing is. */
    loading: PageRange | null;
    /** Until when events are counted, where that is a while ago; null where it is now. */
    counted: number | null;
    /** Whether the range stands still: then nothing is still to come. */
    closed: boolean;
    formats: Formats;
  },
): Tag | null {
  if (facts.loading !== null && condition !== 'stale' && condition !== 'reconnecting')
    return loadingTag(rangeLabel(facts.loading, facts.now, facts.formats));
  switch (condition) {
    case 'live':
    case 'closed':
      return facts.filled === null ? null : fillingTag(facts.filled, facts.fillFault);
    case 'refused':
      if (facts.code === 'unknown_metric') return { shape: 'ln', text: 'no such metric', short: 'no metric' };
      if (facts.code === 'forbidden_metric') return { shape: 'ln', text: 'no access', short: 'no access' };
      return { shape: 'cr', text: '✕ query failed', short: '✕ failed' };
    case 'empty':
      // What is not filled in yet may hold events.
      if (facts.filled !== null) return fillingTag(facts.filled, facts.fillFault);
      if (facts.counted !== null) return countedTag(facts.formats.moment(facts.counted, facts.now));
      return {
        shape: 'ln',
        text: facts.closed ? 'no events' : 'no events yet',
        short: 'no events',
        title: 'No event that this metric counts arrived in the time that is shown.',
      };
    case 'unmatched':
      if (facts.counted !== null) return countedTag(facts.formats.moment(facts.counted, facts.now));
      return {
        shape: 'ln',
        text:
          facts.ingestRate === null
            ? 'no match'
            : `0 of ${facts.formats.fixed(facts.ingestRate, 0)} ev/s match`,
        short: 'no match',
        title:
          'None of the events that the server received in the time that is shown passed the filter of this panel.',
      };
    case 'stale':
      return staleTag(facts.now - (facts.asOf ?? facts.now), facts.formats);
    case 'reconnecting':
      if (facts.link.state === 'refused') return { shape: 'ln', text: 'needs a key', short: 'no key' };
      return {
        shape: 'ln',
        text: `reconnecting, ${attemptLabel(facts.link, facts.localNow)}`,
        short: 'reconnecting',
        glyph: 'reconnecting',
      };
    default:
      return null;
  }
}

const loadingTag = (range: string): Tag => ({
  shape: 'ln',
  text: `loading ${range}`,
  short: 'loading',
  title: `The data of ${range} is being loaded. Until then this panel shows what it showed before.`,
  late: true,
});

/** What is not counted yet may be what is missing. */
const countedTag = (moment: string): Tag => ({
  shape: 'ln',
  text: `counted to ${moment}`,
  short: 'catching up',
  title: `Events up to ${moment} are counted so far; later ones may change this panel.`,
});

function fillingTag(filled: number, fault: string | null): Tag {
  if (fault !== null)
    return { shape: 'cr', text: 'history missing', short: 'history', title: `Tried again: ${fault}` };
  const percent = `${Math.floor(filled * 100)} %`;
  const title = `The history of this metric is being counted; ${percent} is done.`;
  return { shape: 'ln', text: `back-filling ${percent}`, short: percent, title };
}

function staleTag(ms: number, formats: Formats): Tag {
  const age = ms < 3_600_000 ? formatSpan(ms) : formats.age(ms);
  const title = `The server has sent nothing new for this panel for ${age}: what it shows is old.`;
  return { shape: 'inv', text: `last update ${age} ago`, short: `${age} ago`, title };
}
