import type { TopicName, TopicSpec } from '#contracts/log/topics.ts';
import { recordTime } from './record-codec.ts';
import { emptyState, type PartitionState, type PartitionWrite, type Storage } from './storage.ts';

interface Slot {
  state: PartitionState;
  records: Map<number, Uint8Array>;
}

/** Storage that lasts as long as the object. */
export function createMemoryStorage(): Storage {
  const topics = new Map<TopicName, TopicSpec>();
  const slots = new Map<string, Slot>();
  const slotOf = (topic: TopicName, partition: number): Slot => {
    const name = `${topic}/${partition}`;
    const slot = slots.get(name) ?? { state: emptyState(), records: new Map() };
    slots.set(name, slot);
    return slot;
  };
  const write = (change: PartitionWrite): void => {
    const slot = slotOf(change.topic, change.partition);
    for (const [i, bytes] of change.records.entries()) slot.records.set(change.first + i, bytes);
    for (let offset = change.dropFrom; offset < change.dropTo; offset++) slot.records.delete(offset);
    slot.state = { ...change.state };
  };
  return {
    topics: () => [...topics.values()],
    saveTopic: async (spec) => void topics.set(spec.name, { ...spec }),
    readState: (topic, partition) => ({ ...slotOf(topic, partition).state }),
    commit: async (writes) => writes.forEach(write),
    read: (topic, partition, offset) => slotOf(topic, partition).records.get(offset)?.slice() ?? null,
    peek(topic, partition, offset) {
      const bytes = slotOf(topic, partition).records.get(offset);
      return bytes === undefined ? null : { time: recordTime(bytes, offset), bytes: bytes.length };
    },
    close: async () => {},
  };
}
