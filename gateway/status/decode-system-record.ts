import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { isRecord } from '#contracts/is-record.ts';
import type { BackfillFailure, BudgetFigures, SystemRecord, Warning } from '#contracts/log/system-record.ts';

/** Reads a record of the `system` topic. */
export function decodeSystemRecord(text: string): Result<SystemRecord> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return refuse('invalid_json', `System record: not JSON: ${shown(text)}.`);
  }
  const r: Partial<SystemRecord> = isRecord(raw) ? raw : {};
  const named = typeof r.process === 'string' && typeof r.part === 'string' && typeof r.time === 'number';
  const lists =
    isListOf(r.budgets, isBudget) && isListOf(r.warnings, isWarning) && isListOf(r.backfills, isBackfill);
  if (named && lists && isRecord(r.totals) && isRecord(r.gauges)) return ok(raw as SystemRecord);
  return refuse(
    'wrong_type',
    `System record: expected process, part, time, totals and gauges, got ${shown(raw)}.`,
  );
}

const areTexts = (...values: unknown[]): boolean => values.every((value) => typeof value === 'string');
const areNumbers = (...values: unknown[]): boolean => values.every((value) => typeof value === 'number');

/** A list may be absent: not every part reports each. */
const isListOf = (value: unknown, is: (item: Record<string, unknown>) => boolean): boolean =>
  value === undefined || (Array.isArray(value) && value.every((item) => isRecord(item) && is(item)));

const isBudget = ({ name, unit, setting, most, used, refused }: Record<keyof BudgetFigures, unknown>) =>
  areTexts(name, unit, setting) && areNumbers(most, used, refused);
const isWarning = ({ code, message, since }: Record<keyof Warning, unknown>) =>
  areTexts(code, message) && areNumbers(since);
const isBackfill = (failure: Record<keyof BackfillFailure, unknown>) => {
  const { metric, code, message, version, partitions, attempts, since, next } = failure;
  return areTexts(metric, code, message) && areNumbers(version, partitions, attempts, since, next);
};
