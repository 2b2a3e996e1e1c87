import { ok, type Result, refuse } from '../errors.ts';
import type { Schema, Static } from '../schema/schema.ts';
import { DAY, DURATION, durationOf, formatDuration, YEAR } from '../text/duration.ts';
import type { Tier } from './tier.ts';

/** How long a metric's own panes and its tiers are kept, ms: a coarser one never shorter than a finer one. */
export type Retention = Record<'pane' | Tier['name'], number>;

/** By their names in a definition, the finest first. `1s` stands for the metric's own panes, whatever their size. */
const NAMES = ['1s', '1m', '1h'] as const;

/** What holds without a retention, and for what is not named in one. */
const DEFAULTS: Retention = { pane: 30 * DAY, minute: 30 * DAY, hour: 3 * YEAR };

/** How long a series is kept, as it is sent: one duration for all tiers, or one for each that is named. */
export const RETENTION = {
  description:
    'How long the series is kept: a duration for all of it, or one for each size of its panes, where 1s stands for the ' +
    "metric's own; default { 1s: 30d, 1m: 30d, 1h: 3y }",
  expected: 'a duration such as "30d", or an object such as { "1s": "2d", "1m": "30d", "1h": "3y" }',
  code: 'out_of_range',
  anyOf: [
    DURATION,
    {
      type: 'object',
      additionalProperties: false,
      member: 'a size of panes with a retention; allowed are',
      properties: { '1s': DURATION, '1m': DURATION, '1h': DURATION },
    },
  ],
} as const satisfies Schema;

/**
 * What is not named keeps its default, but never shorter than a finer tier that is named, nor longer than a coarser one.
 * Refuses (`out_of_range`) a coarser tier that is to be kept shorter than a finer one: a reader of a long range would find a gap.
 */
export function retentionOf(sent: Static<typeof RETENTION> | undefined): Result<Retention> {
  if (sent === undefined) return ok({ ...DEFAULTS });
  if (typeof sent === 'string') {
    const all = durationOf(sent);
    return ok({ pane: all, minute: all, hour: all });
  }
  const named = NAMES.flatMap((name, at) => {
    const text = sent[name];
    return text === undefined ? [] : [{ name, at, text, kept: durationOf(text) }];
  });
  for (const [i, coarser] of named.entries()) {
    const finer = named[i - 1];
    if (finer === undefined || finer.kept <= coarser.kept) continue;
    const field = `retention.${coarser.name}`;
    const message = `${field}: expected at least the ${finer.text} that ${finer.name} is kept, got ${coarser.text}.`;
    return refuse('out_of_range', message, field);
  }
  const kept = (at: number, usual: number): number => {
    const least = Math.max(0, ...named.filter((one) => one.at < at).map((one) => one.kept));
    const most = Math.min(...named.filter((one) => one.at > at).map((one) => one.kept));
    return named.find((one) => one.at === at)?.kept ?? Math.min(Math.max(usual, least), most);
  };
  const { pane, minute, hour } = DEFAULTS;
  return ok({ pane: kept(0, pane), minute: kept(1, minute), hour: kept(2, hour) });
}

/** As `retentionOf` reads it back: one duration where all are equal. */
export const formatRetention = (retention: Retention): Static<typeof RETENTION> => {
  const { pane, minute, hour } = retention;
  if (pane === minute && minute === hour) return formatDuration(pane);
  return { '1s': formatDuration(pane), '1m': formatDuration(minute), '1h': formatDuration(hour) };
};
