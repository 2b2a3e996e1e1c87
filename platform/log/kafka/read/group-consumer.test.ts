import { describe, expect, it } from 'vitest';
import { createRecorder } from '../../log-harness.conformance.ts';
import type { JoinOptions } from '../kafka-client.ts';
import type { Fetcher } from './fetcher.ts';
import { startGroupConsumer } from './group-consumer.ts';
import { createReader } from './kafka-reader.ts';

/** A member of a group that the test divides, and a fetcher that finds nothing. */
function startMember(handlers = createRecorder([0, 0])) {
  let membership!: JoinOptions;
  let left = 0;
  const client = {
    join(options: JoinOptions) {
      membership = options;
      return { commit: async () => {}, leave: async () => void left++ };
    },
  };
  const fetcher: Fetcher = {
    add: (options) =>
      createReader(
        options,
        () => {},
        () => {},
      ),
    close: async () => {},
  };
  const options = { group: 'g', topic: 'events', session: 1, heartbeat: 1, commitEvery: 60_000, handlers };
  const consumer = startGroupConsumer(client, fetcher, options, { rebalanced: () => {}, lag: () => {} });
  return { handlers, consumer, membership, left: () => left };
}

describe('startGroupConsumer', () => {
  it('takes an assigned partition once, however often it is assigned', async () => {
    const { handlers, membership, consumer } = startMember();
    membership.assigned([0, 1]);
    membership.assigned([0, 1]);
    await expect.poll(() => [...handlers.owned]).toEqual([0, 1]);
    await consumer.close();
    expect([...handlers.owned]).toEqual([]);
    expect(handlers.failures).toEqual([]);
  });

  it('gives up what another assignment no longer names, and everything before it joins again', async () => {
    const { handlers, membership, consumer } = startMember();
    membership.assigned([0, 1]);
    membership.assigned([1]);
    await expect.poll(() => [...handlers.owned]).toEqual([1]);
    await membership.revoked();
    expect([...handlers.owned]).toEqual([]);
    await consumer.close();
  });

  it('waits for an owner that is still getting ready before it gives its partition up', async () => {
    const ready = Promise.withResolvers<number>();
    const steps: string[] = [];
    const recorder = createRecorder([0, 0]);
    const { membership, consumer } = startMember({
      ...recorder,
      assigned: () => ready.promise,
      revoked: async () => void steps.push('revoked'),
    });
    membership.assigned([0]);
    const surrendered = membership.revoked().then(() => steps.push('surrendered'));
    // Assigned again meanwhile: it is taken once it has been given up.
    membership.assigned([0]);
    expect(steps).toEqual([]);
    ready.resolve(0);
    await surrendered;
    expect(steps[0]).toBe('revoked');
    await consumer.close();
    expect(steps).toEqual(['revoked', 'surrendered', 'revoked']);
  });

  it('ends once when an owner fails, leaves the group first, and revokes nothing', async () => {
    const recorder = createRecorder([0, 0]);
    let revoked = 0;
    const { membership, consumer, left } = startMember({
      ...recorder,
      assigned: async (partition) => {
        if (partition === 1) throw new Error('cannot restore');
        return 0;
      },
      revoked: async () => void revoked++,
      failed: (error) => {
        expect(left()).toBe(1);
        recorder.failures.push(error);
      },
    });
    membership.assigned([0, 1]);
    await expect.poll(() => recorder.failures.map((e) => e.message)).toEqual(['cannot restore']);
    await Promise.all([consumer.close(), consumer.close()]);
    expect([revoked, recorder.failures.length, left()]).toEqual([0, 1, 1]);
  });
});
