import { type Board, readStoredBoard } from '#contracts/board/board.ts';
import { ok } from '#contracts/errors.ts';
import { isRecord } from '#contracts/is-record.ts';
import { formatAggregate } from '#contracts/metric/aggregate-call.ts';
import { type DerivedMetric, isDerived, parseDerived } from '#contracts/metric/derived-metric.ts';
import { metricsIn } from '#contracts/metric/expression/expression.ts';
import { parseExpression } from '#contracts/metric/expression/parse-expression.ts';
import { type Metric, type MetricRules, parseMetric } from '#contracts/metric/metric.ts';
import { expressionText, isExpression } from '#contracts/view/asked-metric.ts';
import { ApiError, type Ask } from '../app/ask.ts';
import type { Saved } from './draft.ts';

/** Accepts every stored definition: the server has already checked it. */
const ACCEPTED: MetricRules = { checkAggregate: ok, horizon: Number.MAX_SAFE_INTEGER, stored: true };

/** A metric of the catalogue. */
export interface Listed {
  id: string;
  title: string;
  unit: string;
  /** As the server returns it. */
  saved: Saved;
  /** What it counts; null where it is computed from others, or cannot be read. */
  metric: Metric | null;
  derived: DerivedMetric | null;
  /** Why it cannot be used here. */
  fault: string | null;
  /** Partitions whose history is filled in, where not all are. */
  filling: { done: number; of: number } | null;
}

/** All metrics, and where they are shown. */
export interface Catalogue {
  metrics: readonly Listed[];
  boards: readonly Board[];
}

export async function readCatalogue(ask: Ask): Promise<Catalogue> {
  const [metrics, boards] = await Promise.all([ask('/v1/metrics'), ask('/v1/boards')]);
  return { metrics: readMetrics(metrics.body), boards: readBoards(boards.body) };
}

function readMetrics(body: unknown): Listed[] {
  if (!isRecord(body) || !Array.isArray(body.metrics))
    throw new ApiError('GET /v1/metrics: expected a list of metrics.');
  const faults = byId(body.faults);
  const fills = byId(body.fills);
  return body.metrics.filter(isRecord).map((saved) => {
    const id = String(saved.id);
    const fault = faults.get(id)?.message;
    const { done, of } = fills.get(id) ?? {};
    const derived = isDerived(saved) ? parseDerived(id, saved, { stored: true }) : null;
    const metric = derived === null ? parseMetric(id, saved, ACCEPTED) : null;
    return {
      id,
      title: typeof saved.title === 'string' ? saved.title : id,
      unit: typeof saved.unit === 'string' ? saved.unit : '',
      saved,
      metric: metric?.ok ? metric.value : null,
      derived: derived?.ok ? derived.value : null,
      fault: typeof fault === 'string' ? fault : null,
      filling: typeof done === 'number' && typeof of === 'number' ? { done, of } : null,
    };
  });
}

const byId = (list: unknown): Map<string, Record<string, unknown>> =>
  new Map((Array.isArray(list) ? list : []).filter(isRecord).map((one) => [String(one.id), one]));

/** A board that cannot be read shows nothing, and is left out. */
function readBoards(body: unknown): Board[] {
  if (!isRecord(body) || !Array.isArray(body.boards))
    throw new ApiError('GET /v1/boards: expected a list of boards.');
  return body.boards.filter(isRecord).flatMap((raw) => {
    const read = readStoredBoard(String(raw.id), raw);
    return read.ok ? [read.value] : [];
  });
}

/** What shows a metric or is computed from it. */
export interface Uses {
  boards: { id: string; title: string; panels: string[] }[];
  /** Ids of derived metrics. */
  derived: string[];
}

export function usesOf(id: string, { metrics, boards }: Catalogue): Uses {
  return {
    boards: boards.flatMap((board) => {
      const panels = board.panels.filter(({ view }) => view !== null && namesIn(view).includes(id));
      const names = panels.map((panel) => panel.title || panel.id);
      return names.length === 0 ? [] : [{ id: board.id, title: board.title, panels: names }];
    }),
    derived: metrics
      .filter(({ derived }) => derived !== null && metricsIn(derived.expression).includes(id))
      .map((one) => one.id),
  };
}

/** The metrics that a view names, by id or in an expression. */
function namesIn({ metric, expression }: { metric?: string; expression?: string }): string[] {
  const text = expression ?? (metric !== undefined && isExpression(metric) ? expressionText(metric) : null);
  if (text === null) return metric === undefined ? [] : [metric];
  const read = parseExpression(text, { stored: true });
  return read.ok ? metricsIn(read.value) : [];
}

/** Ids of other metrics with the same events and the same aggregate. */
export function similarTo(one: Listed, all: readonly Listed[]): string[] {
  const own = likeness(one);
  return own === null
    ? []
    : all.filter((other) => other.id !== one.id && likeness(other) === own).map(({ id }) => id);
}

const likeness = ({ metric }: Listed): string | null =>
  metric === null ? null : JSON.stringify([metric.events, formatAggregate(metric.aggregate)]);
