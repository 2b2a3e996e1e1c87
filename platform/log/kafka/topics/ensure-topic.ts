import { setTimeout as wait } from 'node:timers/promises';
import { MillraceError } from '#contracts/errors.ts';
import type { TopicSpec } from '#contracts/log/topics.ts';
import { unavailable } from '../faults.ts';
import { type KafkaClient, kindOf } from '../kafka-client.ts';
import { topicConfig } from './topic-config.ts';

export interface TopicPlan {
  /** The topic's name at the brokers. */
  name: string;
  spec: TopicSpec;
  replicas: number;
  minInsync: number;
}

/** ms until a new topic has leaders for all of its partitions. */
const ELECTION = 30_000;

type Client = Pick<KafkaClient, 'leaders' | 'createTopic' | 'configureTopic'>;

/** As `Log.ensureTopics`, for one topic. */
export async function ensureTopic(
  client: Client,
  { name, spec, replicas, minInsync }: TopicPlan,
): Promise<void> {
  const config = topicConfig(spec, minInsync);
  try {
    const found = await leadersOf(client, name);
    if (found === null) {
      await client.createTopic({ name, partitions: spec.partitions, replicas, config });
      checkPartitions(name, spec.partitions, await waitForLeaders(client, name));
      return;
    }
    checkPartitions(name, spec.partitions, found.length);
    await client.configureTopic(name, config);
  } catch (error) {
    if (error instanceof MillraceError) throw error;
    throw unavailable(`Topic ${name} could not be prepared`, error);
  }
}

async function leadersOf(client: Client, name: string): Promise<number[] | null> {
  try {
    return await client.leaders(name);
  } catch (error) {
    if (kindOf(error) === 'unknown_topic') return null;
    throw error;
  }
}

/** Resolves with the number of partitions. */
async function waitForLeaders(client: Client, name: string): Promise<number> {
  const deadline = performance.now() + ELECTION;
  for (;;) {
    const leaders = await leadersOf(client, name);
    if (leaders !== null && leaders.length > 0 && leaders.every((node) => node >= 0)) return leaders.length;
    if (performance.now() > deadline) throw new Error(`no leader after ${ELECTION} ms`);
    await wait(20);
  }
}

function checkPartitions(name: string, wanted: number, found: number): void {
  if (found === wanted) return;
  throw new MillraceError({
    code: 'unsupported_format',
    message: `Topic ${name} has ${found} partitions, not ${wanted}; the number is fixed when it is created.`,
    field: 'partitions',
  });
}
