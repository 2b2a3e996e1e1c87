import { checkAggregate } from '#aggregates/registry.ts';
import { parseBoard } from '#contracts/board/board.ts';
import type { Definition } from '#contracts/log/definition-record.ts';
import { formatMetric, parseMetric } from '#contracts/metric/metric.ts';
import { DEMO_BOARD } from './demo-board.ts';
import { DEMO_METRICS } from './demo-metrics.ts';
import { DEMO_BOARD_ID } from './traffic/names.ts';

type Named = Pick<Definition, 'id' | 'body'>;

/** Whether a metric is one of the demo's, as the demo defines it: what somebody has changed since is theirs. */
export function isDemoMetric({ id, body }: Named): boolean {
  if (!Object.hasOwn(DEMO_METRICS, id)) return false;
  const read = parseMetric(id, DEMO_METRICS[id], { checkAggregate, horizon: Number.POSITIVE_INFINITY });
  return read.ok && isSame(formatMetric(read.value), body);
}

/** The same of the demo's board. */
export function isDemoBoard({ id, body }: Named): boolean {
  if (id !== DEMO_BOARD_ID) return false;
  const read = parseBoard(id, DEMO_BOARD);
  return read.ok && isSame(read.value, body);
}

const isSame = (wanted: object, found: object): boolean => JSON.stringify(wanted) === JSON.stringify(found);
