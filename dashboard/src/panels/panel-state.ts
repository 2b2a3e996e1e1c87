import type { Link } from '#client/types.ts';
import type { Refusal } from '#contracts/protocol.ts';
import { formatMoment } from '../format/clock.ts';
import { formatAge, formatSpan } from '../format/duration.ts';

export type PanelCondition = 'waiting' | 'refused' | 'empty' | 'paused' | 'stale' | 'reconnecting' | 'live';

export interface ConditionInput {
  refusal: Refusal | null;
  known: boolean;
  /** No window of the range holds anything. */
  bare: boolean;
  paused: number | null;
  stale: boolean;
  link: Pick<Link, 'state'>;
}

/** One condition at a time: what the reader must know first. */
export function conditionOf(input: ConditionInput): PanelCondition {
  if (input.refusal !== null) return 'refused';
  if (!input.known) return 'waiting';
  if (input.paused !== null) return 'paused';
  if (input.stale) return 'stale';
  if (input.link.state !== 'live') return 'reconnecting';
  return input.bare ? 'empty' : 'live';
}

/** `try 3 in 2 s`, or `try 3` while it is under way. */
export function tryWords({ attempt, nextTryAt }: Pick<Link, 'attempt' | 'nextTryAt'>, now: number): string {
  const wait = nextTryAt === null ? 0 : Math.ceil((nextTryAt - now) / 1_000);
  return `try ${Math.max(1, attempt)}${wait > 0 ? ` in ${wait} s` : ''}`;
}

export interface Tag {
  /** Shape: filled, outlined, dashed, critical. */
  shape: 'inv' | 'ln' | 'dash' | 'cr';
  words: string;
  /** For headers with little room. */
  short: string;
  glyph?: 'reconnecting';
}

/** The word in the header, with its shape; null where the age alone says enough. */
export function tagOf(
  condition: PanelCondition,
  facts: {
    asOf: number | null;
    now: number;
    link: Link;
    localNow: number;
    paused: number | null;
    code: Refusal['code'] | null;
  },
): Tag | null {
  switch (condition) {
    case 'refused':
      return facts.code === 'unknown_metric'
        ? { shape: 'ln', words: 'no such metric', short: 'no metric' }
        : { shape: 'cr', words: '✕ query failed', short: '✕ failed' };
    case 'empty':
      return { shape: 'ln', words: 'no events yet', short: 'no events' };
    case 'paused':
      return {
        shape: 'inv',
        words: `paused at ${formatMoment(facts.paused ?? facts.now, facts.now)}`,
        short: 'paused',
      };
    case 'stale':
      return staleTag(facts.now - (facts.asOf ?? facts.now));
    case 'reconnecting':
      return {
        shape: 'ln',
        words: `reconnecting, ${tryWords(facts.link, facts.localNow)}`,
        short: 'reconnecting',
        glyph: 'reconnecting',
      };
    default:
      return null;
  }
}

function staleTag(ms: number): Tag {
  const age = ms < 3_600_000 ? formatSpan(ms) : formatAge(ms);
  return { shape: 'inv', words: `last update ${age} ago`, short: `${age} ago` };
}
