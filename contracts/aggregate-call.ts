import { ok, type Result, refuse, shown } from './errors.ts';

/** The compact aggregate form, read: `quantiles(latency_ms, 0.5, 0.99)` → { name, field, args }. */
export interface AggregateCall {
  name: string;
  /** Dotted property path; null for aggregates that read none. */
  field: string | null;
  args: number[];
}

const FORM = /^\s*([a-z][a-z0-9_]*)\s*(?:\(([^()]*)\))?\s*$/;
const PERCENTILE = /^p(\d{1,2})(?:_?(\d{1,3}))?$/;

/**
 * Reads `count`, `sum(x)`, `quantiles(x, 0.5, 0.95)`; `p99(x)` (and `p99_9(x)`) is short for one quantile.
 * Only the form is checked here; whether the aggregate exists and takes these arguments, its registry says.
 */
export function parseAggregate(value: unknown, field = 'aggregate'): Result<AggregateCall> {
  const match = typeof value === 'string' ? FORM.exec(value) : null;
  if (!match) {
    return refuse(
      'invalid_definition',
      `${field}: expected a form such as "count", "sum(amount)" or "quantiles(latency_ms, 0.5, 0.99)", got ${shown(value)}.`,
      field,
    );
  }
  const parts =
    match[2] === undefined || match[2].trim() === '' ? [] : match[2].split(',').map((p) => p.trim());
  const args = parts.slice(1).map((p) => (p === '' ? Number.NaN : Number(p)));
  const bad = args.findIndex((a) => !Number.isFinite(a));
  if (parts[0] === '' || bad >= 0) {
    return refuse('invalid_definition', `${field}: cannot read the arguments of ${shown(value)}.`, field);
  }
  const call = { name: match[1]!, field: parts[0] ?? null, args };
  const percentile = PERCENTILE.exec(call.name);
  if (!percentile || args.length > 0) return ok(call);
  const digits = `${percentile[1]!.padStart(2, '0')}${percentile[2] ?? ''}`;
  return ok({ name: 'quantiles', field: call.field, args: [Number(`0.${digits}`)] });
}

/** The canonical text: equal calls give equal text, and `parseAggregate` reads it back. */
export function formatAggregate(call: AggregateCall): string {
  const inner = [...(call.field === null ? [] : [call.field]), ...call.args.map(String)].join(', ');
  return inner === '' ? call.name : `${call.name}(${inner})`;
}
