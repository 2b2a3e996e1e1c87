import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import {
  createRecorder,
  eventually,
  PARTITIONS,
  recordOf,
  SPECS,
  startsOf,
} from '../log-harness.conformance.ts';
import { CLIENTS, freshPrefix, openTestLog } from './testing/open-test-log.ts';

const MEMBER = join(import.meta.dirname, 'testing', 'group-member.ts');

describe.each(CLIENTS)('a group of two through %s', (client) => {
  it('gives all partitions to the one that is left when the other is killed', async () => {
    const [prefix, brokers] = [freshPrefix(), inject('kafka')];
    const log = await openTestLog({ client, prefix, brokers });
    await log.ensureTopics(SPECS);
    const survivor = createRecorder(await startsOf(log));
    await log.consume('events', 'g', survivor);
    await eventually(() => expect(survivor.owned.size).toBe(PARTITIONS));
    const child = fork(MEMBER, [client, prefix, brokers]);
    const taken = new Set<number>();
    child.on('message', (partition) => taken.add(partition as number));
    try {
      await eventually(() => {
        expect(taken.size).toBe(PARTITIONS / 2);
        expect(survivor.owned.size).toBe(PARTITIONS / 2);
      });
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    const all = Array.from({ length: PARTITIONS }, (_, i) => i);
    await Promise.all(all.map((p) => log.append('events', p, [recordOf(`${p}a`)])));
    await eventually(() => expect(survivor.texts).toEqual(all.map((p) => [`${p}a`])));
    expect(survivor.failures).toEqual([]);
    await log.close();
  });
});
