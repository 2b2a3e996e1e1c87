import { describe, it } from 'vitest';
import { runSmoke } from './run-smoke.ts';
import { KAFKA_BENCHES } from './smoke-kafka.ts';

describe('a short run on a real broker yields the figures', { timeout: 300_000 }, () => {
  it.each(Object.entries(KAFKA_BENCHES))('of %s', runSmoke);
});
