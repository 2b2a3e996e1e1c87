import { checkAggregate } from '#aggregates/registry.ts';
import { parseBoard } from '#contracts/board/board.ts';
import { shown } from '#contracts/errors.ts';
import { isRecord } from '#contracts/is-record.ts';
import type { Catalog, Definition } from '#contracts/log/definition-record.ts';
import { isBuiltIn } from '#contracts/metric/built-in.ts';
import { formatMetric, parseMetric } from '#contracts/metric/metric.ts';
import type { Log, StoredRecord } from '#platform/log/log.ts';
import type { Store } from '#platform/store/store.ts';
import { DEMO_BOARD } from './demo-board.ts';
import { DEMO_METRICS } from './demo-metrics.ts';
import { findRecord } from './find-record.ts';
import { isEvents } from './has-events.ts';
import { DEMO_BOARD_ID, DEMO_ID } from './traffic/names.ts';

/** Of a list, how many are named. */
const NAMED = 3;

/**
 * Describes the data that is not the demo's, in a sentence for people; null if there is none. Events are the demo's by
 * their ids, definitions if they are unchanged; keys never are, since the demo makes none. Committed events are looked up
 * in the Store, the rest in the Log.
 */
export async function findOwnData(log: Log, store: Store, catalog: Catalog): Promise<string | null> {
  const own = [
    ...[...catalog.metrics.values()]
      .filter((one) => !isBuiltIn(one.id) && !isDemoMetric(one))
      .map(({ id }) => `metric ${id}`),
    ...[...catalog.boards.values()].filter((one) => !isDemoBoard(one)).map(({ id }) => `board ${id}`),
  ];
  if (own.length > 0) return `There are definitions other than the demo's, or changed since: ${list(own)}.`;
  const keys = [...catalog.keys.values()].map(({ id, body }) => `${shown(body.name)} (${id})`);
  if (keys.length > 0)
    return `There are keys, which would be deleted with the rest: ${list(keys)}. Revoke them first.`;
  if (await hasOwnEvents(log, store)) return "There are events other than the demo's.";
  return null;
}

const list = (names: readonly string[]): string =>
  names.length <= NAMED
    ? names.join(', ')
    : `${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more`;

async function hasOwnEvents(log: Log, store: Store): Promise<boolean> {
  // The commits first: what they do not cover yet is read from the Log, so that nothing falls between.
  const commits = await store.readCommits();
  if (await store.hasEventsBeside(DEMO_ID)) return true;
  for (const { partition, start, end } of await log.bounds('events')) {
    const committed = commits.find(({ part }) => part === partition)?.next ?? 0;
    const range = { from: Math.max(start, committed), end };
    if (await findRecord(log, partition, range, (record) => isEvents(record) && !isAllDemo(record)))
      return true;
  }
  return false;
}

function isAllDemo({ value }: StoredRecord): boolean {
  const lines = Buffer.from(value).toString().split('\n');
  return lines.every((line) => line.trim() === '' || idOf(line).startsWith(DEMO_ID));
}

/** Empty where it has none, and where the line is no event that could be read. */
function idOf(line: string): string {
  try {
    const event: unknown = JSON.parse(line);
    return isRecord(event) && typeof event.id === 'string' ? event.id : '';
  } catch {
    return '';
  }
}

type Named = Pick<Definition, 'id' | 'body'>;

/** Whether a metric is one of the demo's, as the demo defines it: once a user has changed it, it is theirs. */
function isDemoMetric({ id, body }: Named): boolean {
  if (!Object.hasOwn(DEMO_METRICS, id)) return false;
  const read = parseMetric(id, DEMO_METRICS[id], { checkAggregate, horizon: Number.POSITIVE_INFINITY });
  return read.ok && isSame(formatMetric(read.value), body);
}

/** The same of the demo's board. */
function isDemoBoard({ id, body }: Named): boolean {
  if (id !== DEMO_BOARD_ID) return false;
  const read = parseBoard(id, DEMO_BOARD);
  return read.ok && isSame(read.value, body);
}

const isSame = (wanted: object, found: object): boolean => JSON.stringify(wanted) === JSON.stringify(found);
