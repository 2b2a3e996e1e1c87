import type { KnownMetric } from './known-metrics.ts';
import type { Question } from './question.ts';

/** Parameters of the page that makes a metric: what this view shows, as a definition of its own. Null for what is no folded metric. */
export function metricParameters({ where, by }: Question, known: KnownMetric | null): URLSearchParams | null {
  if (known === null || known.isDerived || known.aggregate === '') return null;
  const asked = new URLSearchParams({ event: (known.events ?? ['*']).join(), aggregate: known.aggregate });
  const wheres = [known.where, where].filter(Boolean);
  if (wheres.length > 0)
    asked.set('where', wheres.length === 1 ? wheres[0]! : wheres.map((one) => `(${one})`).join(' and '));
  if (by.length > 0) asked.set('by', by.join());
  return asked;
}
