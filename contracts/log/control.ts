import { ok, type Result, refuse, shown } from '../errors.ts';
import { isRecord } from '../is-record.ts';
import { HOUR } from '../text/duration.ts';

/** Settings that decide what a fold gives. They reach it only through control blocks, so that a row stays a function of the log (rule 0). */
export interface FoldSettings {
  /** ms an id is remembered beyond its first copy's timestamp; the bound of every lateness (rule 3). */
  horizon: number;
  /** Named groups per metric, pane and partition (rule 6). */
  groups: number;
  /** Live ids kept per partition, newest by position (rule 3). */
  ids: number;
  /**
   * Characters of a dimension's value; an event with a longer one counts in `__other__`. Absent in what was written before
   * there was a bound, and there is none then.
   */
  valueLength?: number;
}

/** The format's constants: what holds in a partition before its first `settings` control block. */
export const DEFAULT_FOLD_SETTINGS: FoldSettings = { horizon: HOUR, groups: 2_000, ids: 1_000_000 };

/**
 * A control block's value, one JSON object. `metric` carries the definition's full text, so that the fold
 * needs no other topic; its offset in the partition is the metric's activation offset.
 */
export type Control =
  | { kind: 'settings'; settings: FoldSettings }
  | { kind: 'metric'; metric: string; version: number; definition: Record<string, unknown> }
  | { kind: 'retire'; metric: string; version: number };

export const encodeControl = (control: Control): string => JSON.stringify(control);

export function decodeControl(text: string): Result<Control> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return refuse('invalid_json', `Control block: not JSON: ${shown(text)}.`);
  }
  const c = isRecord(raw) ? raw : {};
  if (c.kind === 'settings') return decodeSettings(c.settings);
  const named = typeof c.metric === 'string' && Number.isSafeInteger(c.version) && (c.version as number) >= 0;
  if (named && c.kind === 'retire')
    return ok({ kind: 'retire', metric: c.metric as string, version: c.version as number });
  if (named && c.kind === 'metric' && typeof c.definition === 'object' && c.definition !== null) {
    return ok({
      kind: 'metric',
      metric: c.metric as string,
      version: c.version as number,
      definition: c.definition as Record<string, unknown>,
    });
  }
  return refuse('wrong_type', `Control block: expected settings, metric or retire, got ${shown(raw)}.`);
}

function decodeSettings(value: unknown): Result<Control> {
  const s = isRecord(value) ? value : {};
  const { horizon, groups, ids, valueLength } = s;
  const bounded = valueLength === undefined ? {} : { valueLength: valueLength as number };
  const numbers = [horizon, groups, ids, ...Object.values(bounded)];
  if (numbers.every((n) => Number.isSafeInteger(n) && (n as number) > 0)) {
    return ok({
      kind: 'settings',
      settings: { horizon: horizon as number, groups: groups as number, ids: ids as number, ...bounded },
    });
  }
  return refuse(
    'wrong_type',
    `Control block: settings need horizon, groups and ids above 0, and valueLength above 0 or none, got ${shown(value)}.`,
  );
}
