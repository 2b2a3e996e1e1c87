import type { ViewRequest } from '#contracts/view/view.ts';

/** One text for all requests that mean the same whatever the metric says: the order of names and values is free. */
export function requestKey(request: ViewRequest): string {
  const where = Object.entries(request.where ?? {})
    .map(([dimension, value]) => [dimension, Array.isArray(value) ? [...value].sort() : [value]])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  const groupBy = request.groupBy === undefined ? null : [...request.groupBy].sort();
  return JSON.stringify([request.metric, where, groupBy, request.window ?? null, request.range ?? null]);
}
