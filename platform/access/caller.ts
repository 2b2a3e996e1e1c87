import { type Fault, shown } from '#contracts/errors.ts';
import type { KeyGrant, Scope } from '#contracts/key.ts';
import { metricsIn } from '#contracts/metric/expression/expression.ts';
import { parseExpression } from '#contracts/metric/expression/parse-expression.ts';
import { expressionText, isExpression, isPreview } from '#contracts/view/asked-metric.ts';

/** A caller, as described by its key. */
export interface Caller extends Pick<KeyGrant, 'scope' | 'metrics' | 'origins' | 'expires'> {
  /** Of the key; `admin` for the operator's own, `anyone` where none was given and none is needed. */
  id: string;
}

/** A caller that may do everything. */
export const unbounded = (id: string): Caller => ({
  id,
  scope: ['admin'],
  metrics: null,
  origins: null,
  expires: null,
});

/** `wanted`: a scope, or several of which one will do. */
export const hasScope = ({ scope }: Caller, wanted: Scope | readonly Scope[]): boolean =>
  scope.includes('admin') || [wanted].flat().some((one) => scope.includes(one));

/** Whether the caller may read a metric, or all that an expression names; checked before the metric is looked up. */
export const mayRead = ({ metrics }: Caller, metric: unknown): boolean =>
  metrics === null || namedBy(metric).every((named) => metrics.some((one) => one === named));

function namedBy(metric: unknown): unknown[] {
  if (!isExpression(metric)) return [metric];
  const read = parseExpression(expressionText(metric));
  return read.ok ? metricsIn(read.value) : [metric];
}

/** Returns why the caller may not read what concerns all metrics, named by `what`; null if it may. */
export const refusalOfSome = ({ metrics }: Caller, what: string): Fault | null =>
  metrics === null
    ? null
    : { code: 'forbidden_metric', message: `${what} of all metrics, and the key allows only some.` };

export const metricRefusal = (metric: unknown): Fault => ({
  code: 'forbidden_metric',
  field: 'metric',
  message: `The key does not allow the metric ${shown(metric)}.`,
});

/** Returns why the caller may not have a view of what a request names; null if it may. A preview counts any events. */
export function viewRefusal(caller: Caller, metric: unknown): Fault | null {
  if (isPreview(metric)) return refusalOfSome(caller, 'A preview is made of events');
  return mayRead(caller, metric) ? null : metricRefusal(metric);
}

/** Returns why the caller may not do what needs the scope, from a page of `origin`; null if it may. */
export function checkScope(
  caller: Caller,
  wanted: Scope | readonly Scope[],
  origin: string | undefined,
): Fault | null {
  const { scope, origins } = caller;
  if (origin !== undefined && origins !== null && !origins.includes(origin)) {
    return {
      code: 'forbidden_origin',
      field: 'origin',
      message: `Pages of ${shown(origin)} may not use this key.`,
    };
  }
  if (hasScope(caller, wanted)) return null;
  return {
    code: 'forbidden_scope',
    message: `This needs a key with the scope ${[wanted].flat().join(' or ')}; the key given has ${scope.join(', ')}.`,
  };
}
