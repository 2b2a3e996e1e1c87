import { DAY, HOUR } from '../text/duration.ts';

/** The topics of the Log. Names, partitions and retention are fixed at creation. */
export interface TopicSpec {
  name: TopicName;
  partitions: number;
  /** ms after which records may go; null keeps them for ever. */
  retention: number | null;
  /** Bytes per topic above which the oldest records may go; null for no bound. Never past what `release` allows. */
  bytes: number | null;
}

export type TopicName = 'events' | 'updates' | 'definitions' | 'rejected' | 'system';

/** `events` has the given number of partitions, the others one: one number orders them. */
export const topics = (eventPartitions: number): TopicSpec[] => [
  { name: 'events', partitions: eventPartitions, retention: DAY, bytes: 10e9 },
  { name: 'updates', partitions: 1, retention: HOUR, bytes: 1e9 },
  { name: 'definitions', partitions: 1, retention: null, bytes: null },
  { name: 'rejected', partitions: 1, retention: DAY, bytes: 1e9 },
  { name: 'system', partitions: 1, retention: HOUR, bytes: 1e8 },
];
