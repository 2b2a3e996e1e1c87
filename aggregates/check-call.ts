import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { type AggregateCall, formatAggregate } from '#contracts/metric/aggregate-call.ts';

/** The call takes no field and no arguments: `count`. */
export function checkBare(call: AggregateCall): Result<AggregateCall> {
  if (call.field === null && call.args.length === 0) return ok(call);
  return refuse(
    'invalid_definition',
    `aggregate: ${call.name} takes no field, got ${shown(formatAggregate(call))}.`,
    'aggregate',
  );
}

/** The call takes a field and nothing else: `sum(amount)`. */
export function checkField(call: AggregateCall): Result<AggregateCall> {
  if (call.field !== null && call.args.length === 0) return ok(call);
  return refuse(
    'invalid_definition',
    `aggregate: expected one property, such as "${call.name}(amount)", got ${shown(formatAggregate(call))}.`,
    'aggregate',
  );
}
