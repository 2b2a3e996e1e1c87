import { type Result, refuse, shown } from '../errors.ts';
import { readAs } from '../schema/read-as.ts';
import type { Schema, Static } from '../schema/schema.ts';
import { HOUR } from '../text/duration.ts';

/** Settings that decide what a fold gives. They reach it only through control blocks, so that a row stays a function of the log (rule 0). */
export const FOLD_SETTINGS = {
  type: 'object',
  required: ['horizon', 'groups', 'ids'],
  properties: {
    // ms an id is remembered beyond its first copy's timestamp; the bound of every lateness (rule 3).
    horizon: { type: 'integer', minimum: 1 },
    // Named groups per metric, pane and partition, of each level (rule 6).
    groups: { type: 'integer', minimum: 1 },
    // Live ids kept per partition, newest by position (rule 3).
    ids: { type: 'integer', minimum: 1 },
    // Characters of a dimension's value; a longer one counts as `__other__`. Absent in what was written before
    // there was a bound, and there is none then.
    valueLength: { type: 'integer', minimum: 1 },
    // Whether each level of a metric's dimensions has places of its own. Absent in what was written before there were levels: all
    // dimensions of a group beyond the cap become `__other__` at once then, and so in panes that began under it.
    levels: { type: 'boolean' },
  },
} as const satisfies Schema;

export type FoldSettings = Static<typeof FOLD_SETTINGS>;

/** Bounds of the groups that a fill names, and of their values. */
export type FillCaps = Pick<FoldSettings, 'groups' | 'valueLength' | 'levels'>;

/** Returns them alone, without fields that are absent. */
export const fillCaps = ({ groups, valueLength, levels }: FillCaps): FillCaps => ({
  groups,
  ...(valueLength === undefined ? {} : { valueLength }),
  ...(levels === undefined ? {} : { levels }),
});

export const isSameCaps = (a: FillCaps | undefined, b: FillCaps | undefined): boolean =>
  a?.groups === b?.groups && a?.valueLength === b?.valueLength && a?.levels === b?.levels;

/** The format's constants: what holds in a partition before its first `settings` control block. */
export const DEFAULT_FOLD_SETTINGS: FoldSettings = { horizon: HOUR, groups: 2_000, ids: 1_000_000 };

/**
 * A control block's value, one JSON object. `metric` carries the definition's full text, so that the fold
 * needs no other topic; its offset in the partition is the metric's activation offset.
 */
export const CONTROL = {
  expected: 'settings, metric, retire or rebuild',
  anyOf: [
    {
      type: 'object',
      required: ['kind', 'settings'],
      properties: { kind: { const: 'settings' }, settings: FOLD_SETTINGS },
    },
    {
      type: 'object',
      required: ['kind', 'metric', 'version', 'definition'],
      properties: {
        kind: { const: 'metric' },
        metric: { type: 'string' },
        version: { type: 'integer', minimum: 0 },
        definition: { type: 'object', additionalProperties: {} },
      },
    },
    {
      type: 'object',
      required: ['kind', 'metric', 'version'],
      properties: {
        kind: { const: 'retire' },
        metric: { type: 'string' },
        version: { type: 'integer', minimum: 0 },
      },
    },
    {
      // Events below this block that were late for the metric version count for it, too.
      type: 'object',
      required: ['kind', 'metric', 'version', 'request'],
      properties: {
        kind: { const: 'rebuild' },
        metric: { type: 'string' },
        version: { type: 'integer', minimum: 0 },
        // Offset of the record in `definitions` that asked for it.
        request: { type: 'integer', minimum: 0 },
      },
    },
  ],
} as const satisfies Schema;

export type Control = Static<typeof CONTROL>;

export const encodeControl = (control: Control): string => JSON.stringify(control);

export function decodeControl(text: string): Result<Control> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return refuse('invalid_json', `Control block: not JSON: ${shown(text)}.`);
  }
  return readAs(CONTROL, raw, { code: 'wrong_type', of: 'Control block' });
}
