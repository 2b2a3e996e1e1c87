import { ConfigResourceTypes } from 'kafkajs';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import type { ConsumerHandlers, Log } from '../log.ts';
import {
  createRecorder,
  eventually,
  PARTITIONS,
  recordOf,
  SPECS,
  startsOf,
  textOf,
} from '../log-harness.conformance.ts';
import { CLIENTS, freshPrefix, openTestLog } from './testing/open-test-log.ts';
import { openStranger, type Stranger } from './testing/with-kafkajs.ts';

describe.each(CLIENTS)('the Log on Kafka through %s', (client) => {
  const metrics = createMetrics(false);
  let prefix: string;
  let log: Log;
  let stranger: Stranger;
  beforeEach(async () => {
    prefix = freshPrefix();
    log = await openTestLog({ client, prefix, brokers: inject('kafka') }, metrics);
    await log.ensureTopics(SPECS);
    stranger = await openStranger(inject('kafka'));
  });
  afterEach(async () => void (await Promise.all([log.close(), stranger.close()])));
  const append = (...texts: string[]) => log.append('events', 0, texts.map(recordOf));
  const dropBefore = async (offset: number) => {
    const topic = `${prefix}events`;
    // A topic that was just made has no leader everywhere yet.
    await eventually(async () => {
      // Its admin knows no topic before it has asked for one.
      await stranger.admin.fetchTopicOffsets(topic);
      await stranger.admin.deleteTopicRecords({
        topic,
        partitions: [{ partition: 0, offset: String(offset) }],
      });
    });
  };
  const configOf = async (name: string) => {
    const type = ConfigResourceTypes.TOPIC as number;
    const found = await stranger.admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type, name }],
    });
    return Object.fromEntries(found.resources[0]!.configEntries.map((e) => [e.configName, e.configValue]));
  };

  it('refuses a topic and a partition that are not there', async () => {
    const unknown = 'Topic .*system does not exist';
    await expect(log.bounds('system')).rejects.toThrow(new RegExp(unknown));
    await expect(log.append('system', 0, [recordOf('a')])).rejects.toThrow(new RegExp(unknown));
    await expect(
      log.tail(
        'system',
        0,
        0,
        () => {},
        () => {},
      ),
    ).rejects.toThrow(new RegExp(unknown));
    await expect(log.consume('system', 'g', createRecorder([]))).rejects.toThrow(new RegExp(unknown));
    await expect(append('a')).resolves.toEqual([0]);
    await expect(log.append('events', PARTITIONS, [recordOf('a')])).rejects.toThrow('has no partition 4');
  });

  it('stops a reader with a code when the brokers have dropped its position, and starts none elsewhere', async () => {
    await append('a', 'b', 'c');
    await dropBefore(2);
    const failures: Error[] = [];
    const texts: string[] = [];
    await log.tail(
      'events',
      0,
      1,
      (r) => void texts.push(...r.map(textOf)),
      (e) => failures.push(e),
    );
    await eventually(() => expect(failures).toHaveLength(1));
    expect(failures[0]).toMatchObject({
      code: 'position_out_of_bounds',
      message: expect.stringContaining('from 2 to 3'),
    });
    const member = createRecorder([0, 0, 0, 0]);
    const joined = await log.consume('events', 'g', member);
    await eventually(() => expect(member.failures).toHaveLength(1));
    expect(member.failures[0]).toMatchObject({ code: 'position_out_of_bounds' });
    expect([...texts, ...member.texts.flat()]).toEqual([]);
    await joined.close();
  });

  it('stops a reader that retention overtakes while its handler is busy', async () => {
    const gate = Promise.withResolvers<void>();
    const failures: Error[] = [];
    let calls = 0;
    await append('a');
    const handler = () => {
      calls += 1;
      return gate.promise;
    };
    await log.tail('events', 0, 0, handler, (e) => failures.push(e));
    await eventually(() => expect(calls).toBe(1));
    await append('b', 'c');
    await dropBefore(2).finally(gate.resolve);
    await eventually(() => expect(failures).toHaveLength(1));
    expect(failures[0]).toMatchObject({ code: 'position_out_of_bounds' });
    expect(calls).toBe(1);
  });

  it('lets the old owner finish giving up before anybody else starts', async () => {
    const steps: string[] = [];
    const member = (name: string): ConsumerHandlers => ({
      assigned: async (partition) => {
        steps.push(`${name} has ${partition}`);
        return 0;
      },
      revoked: async (partition) => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        steps.push(`${name} left ${partition}`);
      },
      batch: async () => {},
      failed: (error) => void steps.push(String(error)),
    });
    const other = await openTestLog({ client, prefix, brokers: inject('kafka') });
    await log.consume('events', 'g', member('a'));
    await eventually(() => expect(steps).toHaveLength(PARTITIONS));
    await other.consume('events', 'g', member('b'));
    await eventually(() => expect(steps).toHaveLength(3 * PARTITIONS));
    const [joined, left, divided] = [0, 1, 2].map((i) =>
      steps.slice(i * PARTITIONS, (i + 1) * PARTITIONS).sort(),
    );
    expect(joined).toEqual(['a has 0', 'a has 1', 'a has 2', 'a has 3']);
    expect(left).toEqual(['a left 0', 'a left 1', 'a left 2', 'a left 3']);
    expect(divided!.map((step) => step.slice(1)).sort()).toEqual([' has 0', ' has 1', ' has 2', ' has 3']);
    expect(new Set(divided!.map((step) => step[0]))).toEqual(new Set(['a', 'b']));
    await other.close();
  });

  it('shows its lag in the metrics, and its positions to the tools of Kafka', async () => {
    const member = createRecorder(await startsOf(log));
    const joined = await log.consume('events', 'lagging', member);
    await append('a', 'b');
    await eventually(() => expect(member.texts[0]).toEqual(['a', 'b']));
    await expect
      .poll(() => stranger.admin.fetchOffsets({ groupId: `${prefix}lagging`, topics: [`${prefix}events`] }), {
        timeout: 30_000,
      })
      .toEqual([
        expect.objectContaining({
          partitions: expect.arrayContaining([expect.objectContaining({ partition: 0, offset: '2' })]),
        }),
      ]);
    const { text } = await metrics.expose();
    expect(text).toContain('millrace_log_lag_records{group="lagging",partition="0"} 0');
    expect(text).toContain('millrace_log_rebalances_total{group="lagging"} 1');
    expect(text).toMatch(/millrace_log_append_seconds_count [1-9]/);
    await joined.close();
  });

  it('gives topics their settings, takes over changed ones and leaves what others have set', async () => {
    const name = `${prefix}updates`;
    expect(await configOf(name)).toMatchObject({
      'retention.ms': '-1',
      'message.timestamp.type': 'LogAppendTime',
    });
    const configEntries = [{ name: 'min.cleanable.dirty.ratio', value: '0.25' }];
    const kept = Object.entries(await configOf(name)).filter(([key]) => key.startsWith('retention'));
    await stranger.admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: ConfigResourceTypes.TOPIC as number,
          name,
          configEntries: [
            ...configEntries,
            ...kept.map(([key, value]) => ({ name: key, value: String(value) })),
          ],
        },
      ],
    });
    await log.ensureTopics(SPECS.map((spec) => ({ ...spec, retention: 7_200_000, bytes: 4e8 })));
    expect(await configOf(name)).toMatchObject({
      'retention.ms': '7200000',
      'min.cleanable.dirty.ratio': '0.25',
    });
    expect(await configOf(`${prefix}events`)).toMatchObject({ 'retention.bytes': '100000000' });
  });
});
