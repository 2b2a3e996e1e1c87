import { found, ok, type Result, refuse, shown } from './errors.ts';

/** The compact aggregate form, read: `quantiles(latency_ms, 0.5, 0.99)` → { name, field, args }. */
export interface AggregateCall {
  name: string;
  /** Dotted property path; null for aggregates that read none. */
  field: string | null;
  args: number[];
}

const FORM = /^\s*([a-z][a-z0-9_]*)\s*(?:\(([^()]*)\))?\s*$/;
/** p0 to p99, p99_9, p99_99999, and p100; without the underscore only from 90 on, as p999 is usual and p100 is the whole. */
const PERCENTILE = /^p(?:(100)|(\d{1,2})(?:_(\d{1,5}))?|(9\d)(\d{1,5}))$/;

/**
 * Reads `count`, `sum(x)`, `quantiles(x, 0.5, 0.95)`; `p99(x)` is short for one quantile, and so is `p99_9(x)`: the
 * names that quantiles give to their outputs.
 * Only the form is checked here; whether the aggregate exists and takes these arguments, its registry says.
 */
export function parseAggregate(value: unknown, field = 'aggregate'): Result<AggregateCall> {
  const match = typeof value === 'string' ? FORM.exec(value) : null;
  if (!match) {
    return refuse(
      'invalid_definition',
      `${field}: expected a form such as "count", "sum(amount)" or "quantiles(latency_ms, 0.5, 0.99)", ${found(value)}.`,
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
  const rank = args.length === 0 ? readPercentile(call.name) : null;
  if (rank !== null && call.field === null) {
    return refuse(
      'invalid_definition',
      `${field}: expected a property, such as "${call.name}(amount)", got ${shown(value)}.`,
      field,
    );
  }
  return ok(rank === null ? call : { name: 'quantiles', field: call.field, args: [rank] });
}

/** p99_9 → 0.999; null for another name. Read as decimals, so that the rank is the double nearest to what is written. */
function readPercentile(name: string): number | null {
  const [, whole, two, after, nines, rest] = PERCENTILE.exec(name) ?? [];
  if (whole !== undefined) return 1;
  const digits = two ?? nines;
  return digits === undefined ? null : Number(`0.${digits.padStart(2, '0')}${after ?? rest ?? ''}`);
}

/** The canonical text: equal calls give equal text, and `parseAggregate` reads it back. */
export function formatAggregate(call: AggregateCall): string {
  const inner = [...(call.field === null ? [] : [call.field]), ...call.args.map(String)].join(', ');
  return inner === '' ? call.name : `${call.name}(${inner})`;
}
