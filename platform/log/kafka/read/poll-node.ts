import { outOfBounds } from '../faults.ts';
import type { KafkaClient, Position } from '../kafka-client.ts';
import { choosePositions } from './choose-positions.ts';
import type { Reader } from './kafka-reader.ts';

/** ms that a node waits for the first record. A reader that becomes idle meanwhile waits as long. */
const LONGEST_WAIT = 100;
const SHORTEST_WAIT = 5;
/** While handlers run the wait is a part of their time, so that what they do next is hardly later for it. */
const SHARE = 0.25;

/** Sends one request to a node for its idle readers and delivers the answer to them. `turn` counts requests. */
export async function poll(
  client: Pick<KafkaClient, 'fetch'>,
  node: number,
  { idle, busy, turn }: { idle: readonly Reader[]; busy: readonly Reader[]; turn: number },
): Promise<void> {
  const { asked, crowded } = choosePositions(idle);
  const positions = asked.map(({ topic, partition, position }) => ({ topic, partition, position }));
  for (const reader of asked) reader.turn = turn;
  const answers = await client.fetch(node, positions, crowded ? SHORTEST_WAIT : waitBeside(busy));
  for (const answer of answers) {
    const of = (p: Position) => p.topic === answer.topic && p.partition === answer.partition;
    const { position } = positions.find(of)!;
    for (const reader of idle) if (of(reader) && reader.position === position) reader.deliver(answer);
  }
}

function waitBeside(busy: readonly Reader[]): number {
  const now = performance.now();
  const shortest = Math.min(...busy.map((reader) => (now - reader.since) * SHARE), LONGEST_WAIT);
  return Math.max(SHORTEST_WAIT, Math.round(shortest));
}

/** Ends the readers whose position the partition no longer holds, or never did. */
export async function endLost(
  client: Pick<KafkaClient, 'bounds'>,
  readers: readonly Reader[],
): Promise<void> {
  for (const topic of new Set(readers.map((reader) => reader.topic))) {
    const bounds = await client.bounds(topic);
    for (const reader of readers) {
      const held = bounds.find((b) => b.partition === reader.partition);
      if (reader.topic !== topic || held === undefined) continue;
      const { position } = reader;
      if (position < held.start || position > held.end) reader.fail(outOfBounds(topic, position, held));
    }
  }
}
