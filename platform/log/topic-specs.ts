import { type TopicSpec, topics } from '#contracts/log/topics.ts';
import type { Settings } from '#platform/process/settings/settings.ts';

/** The topics as the settings want them: partitions and retention of `events` are an operator's choice. */
export const topicSpecs = ({ partitions, retention, maxBytes }: Settings['log']): TopicSpec[] =>
  topics(partitions).map((spec) => (spec.name === 'events' ? { ...spec, retention, bytes: maxBytes } : spec));
