import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { partitionOfText } from '#contracts/log/partitioner.ts';
import { eventually } from '../testing/eventually.ts';
import { type KafkaStack, PARTITIONS, startKafkaStack } from './kafka-stack.ts';
import { preparePython, whyNoPython } from './python.ts';

const TEXT = readFileSync(new URL('../../docs/PROTOCOL.md', import.meta.url), 'utf8');
const example = (name: string): string =>
  new RegExp(`^\`\`\`python ${name}\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(TEXT)![1]!;

interface Read {
  position: [number, number, number];
  received: number;
  event: string;
  key: string;
  properties: { who: string };
}

const missing = whyNoPython();

describe.skipIf(missing !== null)(
  `the examples of PROTOCOL.md in Python${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    let python: string;
    let stack: KafkaStack | null = null;
    let consumer: ChildProcess | null = null;
    beforeAll(async () => {
      python = await preparePython(import.meta.dirname);
    }, 300_000);
    afterEach(async () => {
      if (consumer !== null) {
        consumer.kill('SIGKILL');
        await once(consumer, 'close');
      }
      consumer = null;
      await stack?.close();
      stack = null;
    });

    const produce = async (topic: string, lines: readonly object[]): Promise<void> => {
      const running = promisify(execFile)(python, ['-c', example('produce'), inject('kafka'), topic]);
      running.child.stdin!.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      await running;
    };
    const consume = (topic: string): Read[] => {
      const read: Read[] = [];
      const args = ['-c', example('consume'), inject('kafka'), topic];
      consumer = spawn(python, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      createInterface(consumer.stdout!).on('line', (line) => read.push(JSON.parse(line)));
      return read;
    };

    it('what one writes is counted, and the other reads it beside what ingest wrote, each key in the partition of ours', async () => {
      stack = await startKafkaStack(inject('kafka'));
      await stack.count('hit');
      const hit = (who: string, n: number) => ({
        event: 'hit',
        id: `${who}-${n}`,
        key: `Zürich-${n % 5}`,
        properties: { who },
      });
      const written = Array.from({ length: 30 }, (_, n) => hit('python', n));
      await produce(stack.topic, written);
      await produce(stack.topic, written.slice(0, 10));
      await stack.post(Array.from({ length: 20 }, (_, n) => hit('http', n)));
      expect(await stack.counted('hit', 50)).toEqual({ python: 30, http: 20 });
      expect(await stack.counters()).toEqual({ events: 50, rejected: 0, duplicates: 10 });

      const read = consume(stack.topic);
      await eventually(
        () => read.length,
        (n) => n >= 60,
        90_000,
      );
      expect(read).toHaveLength(60);
      for (const { key, position } of read) expect(position[0]).toBe(partitionOfText(key, PARTITIONS));
      expect(new Set(read.map((r) => r.position.join())).size).toBe(60);
      expect(read.filter((r) => r.properties.who === 'http')).toHaveLength(20);
      for (const { received } of read) expect(Math.abs(received - Date.now())).toBeLessThan(3_600_000);
    });
  },
);
