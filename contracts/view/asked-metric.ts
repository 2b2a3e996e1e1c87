import { isRecord } from '../is-record.ts';

/** Stands before an expression where an id may be: no id begins with it. */
const SIGN = '=';

/** Whether a view is of an expression, in place of a metric that is saved. */
export const isExpression = (metric: unknown): metric is string =>
  typeof metric === 'string' && metric.startsWith(SIGN);

/** Returns an expression as what stands in the place of an id. */
export const expressionId = (expression: string): string => `${SIGN} ${expression.trim()}`;

/** Returns the text of the expression behind the sign. */
export const expressionText = (metric: string): string => metric.slice(SIGN.length).trim();

/** Returns what a request that was not read yet names as its metric, as the view names it. */
export function metricOf(request: unknown): unknown {
  if (!isRecord(request)) return undefined;
  const { metric, expression } = request;
  return metric === undefined && typeof expression === 'string' ? expressionId(expression) : metric;
}
