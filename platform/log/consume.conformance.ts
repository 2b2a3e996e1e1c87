import { describe, expect, it } from 'vitest';
import {
  createRecorder,
  eventually,
  type LogHarness,
  PARTITIONS,
  type Recorder,
  recordOf,
  startsOf,
} from './log-harness.conformance.ts';

const ALL = Array.from({ length: PARTITIONS }, (_, i) => i);

export function describeConsume(harness: () => LogHarness): void {
  describe('consume', () => {
    const appendTo = (partition: number, ...texts: string[]) =>
      harness().log.append('events', partition, texts.map(recordOf));
    const appendToAll = (text: string) => Promise.all(ALL.map((p) => appendTo(p, `${p}${text}`)));
    const ownedBy = (...members: Recorder[]) => members.flatMap((m) => [...m.owned]).sort();
    const delivered = (...members: Recorder[]) => ALL.map((p) => members.flatMap((m) => m.texts[p]!).sort());

    it('gives one consumer all partitions, each from the position it returns', async () => {
      const { log } = harness();
      await appendToAll('a');
      const positions = await startsOf(log);
      const [, from] = await appendTo(1, 'skipped', '1b');
      positions[1] = from!;
      const only = createRecorder(positions);
      const joined = await log.consume('events', 'g', only);
      await eventually(() => expect(only.texts).toEqual([['0a'], ['1b'], ['2a'], ['3a']]));
      await appendToAll('c');
      await eventually(() =>
        expect(only.texts).toEqual([
          ['0a', '0c'],
          ['1b', '1c'],
          ['2a', '2c'],
          ['3a', '3c'],
        ]),
      );
      await joined.close();
      expect(only.owned.size).toBe(0);
      expect(only.failures).toEqual([]);
    });

    it('shares partitions between two and hands them over without loss or repeat', async () => {
      const { log, other } = harness();
      const positions = await startsOf(log);
      const [a, b] = [createRecorder(positions), createRecorder(positions)];
      const first = await log.consume('events', 'g', a);
      await appendToAll('a');
      await eventually(() => expect(delivered(a)).toEqual(ALL.map((p) => [`${p}a`])));
      const second = await other.consume('events', 'g', b);
      await eventually(() => {
        expect(a.owned.size).toBe(PARTITIONS / 2);
        expect(ownedBy(a, b)).toEqual(ALL);
      });
      await appendToAll('b');
      await eventually(() => expect(delivered(a, b)).toEqual(ALL.map((p) => [`${p}a`, `${p}b`])));
      await first.close();
      await eventually(() => expect(ownedBy(b)).toEqual(ALL));
      await appendToAll('c');
      await eventually(() => expect(delivered(a, b)).toEqual(ALL.map((p) => [`${p}a`, `${p}b`, `${p}c`])));
      expect(a.owned.size).toBe(0);
      await second.close();
      expect([...a.failures, ...b.failures]).toEqual([]);
    });

    it('gives every group everything', async () => {
      const { log, other } = harness();
      const [a, b] = [createRecorder(await startsOf(log)), createRecorder(await startsOf(log))];
      const joined = [await log.consume('events', 'one', a), await other.consume('events', 'two', b)];
      await appendToAll('a');
      for (const member of [a, b]) {
        await eventually(() => expect(delivered(member)).toEqual(ALL.map((p) => [`${p}a`])));
      }
      await Promise.all(joined.map((j) => j.close()));
    });

    it('holds back a partition whose handler is busy, and no other', async () => {
      const { log } = harness();
      const gate = Promise.withResolvers<void>();
      const seen: string[][] = [];
      const member = createRecorder(await startsOf(log), async (partition, texts) => {
        if (partition !== 0) return;
        seen.push(texts);
        await gate.promise;
      });
      const joined = await log.consume('events', 'g', member);
      await appendTo(0, '0a');
      await eventually(() => expect(seen).toEqual([['0a']]));
      await appendTo(0, '0b');
      await appendTo(1, '1a');
      await eventually(() => expect(member.texts[1]).toEqual(['1a']));
      expect(seen).toEqual([['0a']]);
      gate.resolve();
      await eventually(() => expect(member.texts[0]).toEqual(['0a', '0b']));
      await joined.close();
    });

    it('ends a consumer whose handler throws, and gives its partitions to the other', async () => {
      const { log, other } = harness();
      const positions = await startsOf(log);
      let broken = true;
      const failing = createRecorder(positions, () => {
        if (broken) throw new Error('broken handler');
      });
      const sound = createRecorder(positions);
      const first = await log.consume('events', 'g', failing);
      await eventually(() => expect(ownedBy(failing)).toEqual(ALL));
      await appendToAll('a');
      await eventually(() => expect(failing.failures.map((e) => e.message)).toEqual(['broken handler']));
      broken = false;
      const second = await other.consume('events', 'g', sound);
      await eventually(() => expect(delivered(sound)).toEqual(ALL.map((p) => [`${p}a`])));
      expect(failing.failures).toHaveLength(1);
      await Promise.all([first.close(), second.close()]);
    });

    it('reports a handler that throws while its consumer closes', async () => {
      const { log } = harness();
      const gate = Promise.withResolvers<void>();
      let begun = false;
      const member = createRecorder(await startsOf(log), () => {
        begun = true;
        return gate.promise;
      });
      const joined = await log.consume('events', 'g', member);
      await appendTo(0, '0a');
      await eventually(() => expect(begun).toBe(true));
      const closing = joined.close();
      gate.reject(new Error('broken handler'));
      await closing;
      await eventually(() => expect(member.failures.map((e) => e.message)).toEqual(['broken handler']));
    });

    it('ends a consumer that asks for a position above the end', async () => {
      const { log } = harness();
      const positions = (await log.bounds('events')).map((b) => b.end + 5);
      const lost = createRecorder(positions);
      const joined = await log.consume('events', 'g', lost);
      await eventually(() => expect(lost.failures).toHaveLength(1));
      expect(lost.failures[0]).toMatchObject({ code: 'position_out_of_bounds' });
      await joined.close();
      expect(lost.texts.flat()).toEqual([]);
      expect(lost.failures).toHaveLength(1);
    });

    it('ends its consumers when the log closes, giving partitions up first', async () => {
      const { log } = harness();
      const member = createRecorder(await startsOf(log));
      const joined = await log.consume('events', 'g', member);
      await eventually(() => expect(ownedBy(member)).toEqual(ALL));
      await log.close();
      expect(member.owned.size).toBe(0);
      await joined.close();
      expect(member.failures).toEqual([]);
    });
  });
}
