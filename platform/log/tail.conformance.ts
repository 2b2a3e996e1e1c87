import { describe, expect, it } from 'vitest';
import type { StoredRecord } from './log.ts';
import { eventually, type LogHarness, recordOf, textOf } from './log-harness.conformance.ts';
import { readRange } from './read-range.ts';

export function describeTail(harness: () => LogHarness): void {
  describe('tail', () => {
    const follow = async (from: number, onRecords: (texts: string[]) => Promise<void> | void = () => {}) => {
      const texts: string[] = [];
      const failures: Error[] = [];
      const handler = async (records: StoredRecord[]) => {
        await onRecords(records.map(textOf));
        texts.push(...records.map(textOf));
      };
      const tail = await harness().log.tail('updates', 0, from, handler, (error) => failures.push(error));
      return { texts, failures, tail };
    };
    const append = async (...texts: string[]) =>
      await harness().other.append('updates', 0, texts.map(recordOf));

    it('starts at the offset and goes on with what is appended later', async () => {
      const [, second] = await append('a', 'b', 'c');
      const { texts, tail } = await follow(second!);
      await eventually(() => expect(texts).toEqual(['b', 'c']));
      await append('d');
      await append('e');
      await eventually(() => expect(texts).toEqual(['b', 'c', 'd', 'e']));
      await tail.close();
    });

    it('gives a range of offsets that is read once', async () => {
      const offsets = await append('a', 'b', 'c', 'd');
      const range = { topic: 'updates', partition: 0, from: offsets[1]!, before: offsets[3]! } as const;
      const { records } = await readRange(harness().log, range, { bytes: 1_000, time: 60_000 });
      expect(records.map(textOf)).toEqual(['b', 'c']);
      const toEnd = { ...range, before: (await harness().log.bounds('updates'))[0]!.end };
      const rest = await readRange(harness().log, toEnd, { bytes: 1_000, time: 60_000 });
      expect(rest.records.map(textOf)).toEqual(['b', 'c', 'd']);
    });

    it('starts at the end with nothing old', async () => {
      await append('old');
      const [bounds] = await harness().log.bounds('updates');
      const { texts, tail } = await follow(bounds!.end);
      await append('new');
      await eventually(() => expect(texts).toEqual(['new']));
      await tail.close();
    });

    it('waits for the handler before the next call', async () => {
      const gate = Promise.withResolvers<void>();
      let calls = 0;
      await append('a');
      const [bounds] = await harness().log.bounds('updates');
      const { texts, tail } = await follow(bounds!.start, async () => {
        calls++;
        await gate.promise;
      });
      await eventually(() => expect(calls).toBe(1));
      await append('b');
      const probe = await follow(bounds!.start);
      await eventually(() => expect(probe.texts).toEqual(['a', 'b']));
      expect(calls).toBe(1);
      gate.resolve();
      await eventually(() => expect(texts).toEqual(['a', 'b']));
      await Promise.all([tail.close(), probe.tail.close()]);
    });

    it('ends at an offset above the end', async () => {
      await append('a');
      const [bounds] = await harness().log.bounds('updates');
      const { texts, failures, tail } = await follow(bounds!.end + 1);
      await eventually(() => expect(failures).toHaveLength(1));
      expect(failures[0]).toMatchObject({ code: 'position_out_of_bounds' });
      await append('b', 'c');
      await tail.close();
      expect(texts).toEqual([]);
      expect(failures).toHaveLength(1);
    });

    it('ends with the error of a handler that throws, and others go on', async () => {
      const [first] = await append('a');
      const broken = await follow(first!, () => {
        throw new Error('broken handler');
      });
      const sound = await follow(first!);
      await eventually(() => expect(broken.failures.map((e) => e.message)).toEqual(['broken handler']));
      await append('b');
      await eventually(() => expect(sound.texts).toEqual(['a', 'b']));
      expect(broken.failures).toHaveLength(1);
      await Promise.all([broken.tail.close(), sound.tail.close()]);
    });

    it('closes when the handler is done, once, and stays silent', async () => {
      const gate = Promise.withResolvers<void>();
      const [first] = await append('a');
      let calls = 0;
      const { texts, tail, failures } = await follow(first!, async () => {
        calls++;
        await gate.promise;
      });
      await eventually(() => expect(calls).toBe(1));
      let closed = false;
      const closing = Promise.all([tail.close(), tail.close()]).then(() => {
        closed = true;
      });
      await append('b');
      expect(closed).toBe(false);
      gate.resolve();
      await closing;
      expect(texts).toEqual(['a']);
      await append('c');
      expect(calls).toBe(1);
      expect(failures).toEqual([]);
    });
  });
}
