import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import type { SystemRecord } from '#contracts/system.ts';

/** Reads a record of the `system` topic. */
export function decodeSystemRecord(text: string): Result<SystemRecord> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return refuse('invalid_json', `System record: not JSON: ${shown(text)}.`);
  }
  const r = (typeof raw === 'object' && raw !== null ? raw : {}) as Partial<SystemRecord>;
  const named = typeof r.process === 'string' && typeof r.part === 'string' && typeof r.time === 'number';
  if (named && isRecord(r.totals) && isRecord(r.gauges)) return ok(raw as SystemRecord);
  return refuse(
    'wrong_type',
    `System record: expected process, part, time, totals and gauges, got ${shown(raw)}.`,
  );
}

const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null;
