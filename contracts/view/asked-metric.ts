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

/** Stands before what a definition folds where an id may be, in a view of one that is not saved: no id begins with it. */
const UNSAVED = '?';

/** Whether a view is of a definition that is not saved. */
export const isPreview = (metric: unknown): metric is string =>
  typeof metric === 'string' && metric.startsWith(UNSAVED);

/** Returns what a definition folds as what stands in the place of an id: definitions that fold the same share their previews. */
export const previewId = (foldText: string): string => `${UNSAVED} ${foldText}`;

/** Returns what a request that was not read yet names as its metric, as the view names it; of a preview only that it is one. */
export function metricOf(request: unknown): unknown {
  if (!isRecord(request)) return undefined;
  const { metric, expression } = request;
  if (Object.hasOwn(request, 'definition')) return UNSAVED;
  return metric === undefined && typeof expression === 'string' ? expressionId(expression) : metric;
}
