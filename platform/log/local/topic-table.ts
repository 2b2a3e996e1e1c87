import { MillraceError } from '#contracts/errors.ts';
import type { TopicName, TopicSpec } from '#contracts/log/topics.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import { type LocalPartition, openLocalPartition } from './local-partition.ts';
import type { Storage } from './storage.ts';

export interface Topic {
  /** As last given to `ensure`. */
  spec: TopicSpec;
  readonly partitions: readonly LocalPartition[];
  /** By name. */
  readonly groups: Map<string, ConsumerGroup>;
}

/** The topics of an open local log. */
export interface TopicTable {
  ensure(spec: TopicSpec): Promise<void>;
  topic(name: TopicName): Topic;
  partition(name: TopicName, number: number): LocalPartition;
  all(): Iterable<Topic>;
}

export function createTopicTable(storage: Storage): TopicTable {
  const topics = new Map<TopicName, Topic>();
  const add = (spec: TopicSpec): void => {
    const partitions = Array.from({ length: spec.partitions }, (_, i) =>
      openLocalPartition(storage, spec.name, i),
    );
    topics.set(spec.name, { spec, partitions, groups: new Map() });
  };
  for (const spec of storage.topics()) add(spec);

  const topic = (name: TopicName): Topic => {
    const found = topics.get(name);
    if (found !== undefined) return found;
    throw new MillraceError({
      code: 'internal',
      message: `Topic ${name} does not exist; ensureTopics creates it.`,
    });
  };
  return {
    topic,
    all: () => topics.values(),
    async ensure(spec) {
      checkPartitions(spec, topics.get(spec.name)?.spec);
      await storage.saveTopic(spec);
      // Asked again after the wait: two calls may create one topic.
      const found = topics.get(spec.name);
      if (found === undefined) add(spec);
      else found.spec = spec;
    },
    partition(name, number) {
      const { partitions } = topic(name);
      const partition = partitions[number];
      if (partition !== undefined) return partition;
      throw new MillraceError({
        code: 'internal',
        message: `Topic ${name} has no partition ${number}; it has ${partitions.length}.`,
      });
    },
  };
}

function checkPartitions(wanted: TopicSpec, found: TopicSpec | undefined): void {
  if (found === undefined || found.partitions === wanted.partitions) return;
  throw new MillraceError({
    code: 'unsupported_format',
    message: `Topic ${wanted.name} has ${found.partitions} partitions, not ${wanted.partitions}; the number is fixed when it is created.`,
    field: 'partitions',
  });
}
