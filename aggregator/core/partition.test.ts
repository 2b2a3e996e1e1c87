import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBlockHeaders } from '#contracts/log/block.ts';
import { type Control, encodeControl } from '#contracts/log/control.ts';
import type { Block } from './decode/read-block.ts';
import { RECENT_BLOCKS } from './dedup/recent-blocks.ts';
import { Partition } from './partition.ts';
import { restoredEmpty } from './restore/restore-partition.ts';

const T0 = 1_700_000_000_000;
const METRIC = { event: 'e', aggregate: 'sum(n)', groupBy: 'g', window: '10s', lateness: '1m' };

interface Sent {
  g?: unknown;
  h?: unknown;
  n?: unknown;
  at: number;
  id?: string;
}

/** A partition fed by hand. */
function begin(definition: Record<string, unknown> = METRIC) {
  const options = { partition: 0, identity: 'log', replayUntil: 0, idKey: { k0: 1, k1: 2 } };
  const partition = new Partition(options, restoredEmpty());
  const fold = (headers: Record<string, string>, text: string, time = T0) => {
    const block: Block = { offset: partition.nextOffset, time, headers, value: Buffer.from(text) };
    return partition.fold(block);
  };
  const control = (value: Control) =>
    fold(
      encodeBlockHeaders({ block: null, received: T0, count: null, kind: 'control' }),
      encodeControl(value),
    );
  const send = (events: readonly Sent[], block: string) => {
    const lines = events.map(({ at, id, ...properties }) =>
      JSON.stringify({ event: 'e', id, timestamp: T0 + at, properties }),
    );
    const received = T0 + 3_600_000;
    const headers = encodeBlockHeaders({ block, received, count: events.length, kind: 'events' });
    fold(headers, lines.join('\n'), received);
  };
  control({ kind: 'metric', metric: 'm', version: 1, definition });
  return { partition, control, send };
}

/** What it would publish now: `pane group` → first number of the state. */
const states = (partition: Partition): Map<string, number> =>
  new Map(
    partition
      .drainUpdates()
      .updates.flatMap((u) => u.cells)
      .map((c) => [`${c.pane - T0} ${c.group}`, c.state.nums[0]!]),
  );

describe('a partition', () => {
  it('gives equal states for any order and any split into blocks within the lateness', () => {
    const sent = fc.record({ g: fc.constantFrom('a', 'b', 'c'), n: fc.nat(1_000), at: fc.nat(50_000) });
    const shuffled = fc
      .array(sent, { minLength: 1, maxLength: 30 })
      .chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }), fc.nat(7)),
      );
    fc.assert(
      fc.property(shuffled, ([all, other, size]) => {
        const one = begin();
        one.send(all, 'b');
        const many = begin();
        for (let i = 0; i < other.length; i += size + 1) many.send(other.slice(i, i + size + 1), `b${i}`);
        expect(states(many.partition)).toEqual(states(one.partition));
      }),
    );
  });

  it('skips and counts what has the wrong type, and passes over what is absent', () => {
    const { partition, send } = begin();
    const at = 0;
    send(
      [{ at, n: 'x' }, { at, n: 1, g: {} }, { at }, { at, n: null }, { at, n: 2, g: 7 }, { at, n: 3 }],
      'b',
    );
    expect(states(partition)).toEqual(
      new Map([
        ['0 7', 2],
        ['0 __missing__', 3],
      ]),
    );
    expect(partition.counters).toMatchObject({ events: 6, skipped: 2 });
  });

  it('names the first groups of a pane up to the cap; totals stay exact', () => {
    const { partition, send, control } = begin();
    control({ kind: 'settings', settings: { horizon: 3_600_000, groups: 2, ids: 100 } });
    send(
      ['a', 'b', 'c', 'a', 'd', '__other__'].map((g, i) => ({ g, n: 10 ** i, at: 0 })),
      'b1',
    );
    send([{ g: 'c', n: 7, at: 1_000 }], 'b2');
    expect(states(partition)).toEqual(
      new Map([
        ['0 a', 1_001],
        ['0 b', 10],
        ['0 __other__', 110_100],
        ['1000 c', 7],
      ]),
    );
  });

  it('gives each level of dimensions places of its own, in panes that begin after that was set', () => {
    const { partition, send, control } = begin({ ...METRIC, groupBy: ['g', 'h'] });
    const settings = { horizon: 3_600_000, groups: 2, ids: 100, valueLength: 12 };
    const pairs = ['a 1', 'a 2', 'b 3', 'c 4', 'a 5', 'b 6', 'c 7', 'b longer-than-12', 'longer-than-12 1'];
    const sendAll = (at: number, block: string) =>
      send(
        pairs.map((pair, i) => ({ g: pair.split(' ')[0], h: pair.split(' ')[1], n: 10 ** i, at })),
        block,
      );
    control({ kind: 'settings', settings });
    sendAll(0, 'b1');
    control({ kind: 'settings', settings: { ...settings, levels: true } });
    sendAll(0, 'b2');
    expect(states(partition)).toEqual(
      new Map([
        ['0 a,1', 2],
        ['0 a,2', 20],
        ['0 __other__,__other__', 222_222_200],
      ]),
    );
    sendAll(1_000, 'b3');
    expect([...states(partition)].filter(([key]) => key.startsWith('1000'))).toEqual([
      ['1000 a,1', 1],
      ['1000 a,2', 10],
      ['1000 b,__other__', 10_100_100],
      ['1000 c,__other__', 1_001_000],
      ['1000 __other__,__other__', 100_010_000],
    ]);
  });

  it('holds no more cells than the caps of its levels, however many values there are', () => {
    const { partition, send, control } = begin({ ...METRIC, groupBy: ['g', 'h'] });
    const groups = 50;
    control({ kind: 'settings', settings: { horizon: 3_600_000, groups, ids: 100, levels: true } });
    for (let block = 0; block < 100; block++) {
      const values = Array.from({ length: 1_000 }, (_, i) => block * 1_000 + i);
      send(
        values.map((h) => ({ g: h % 100, h, n: 1, at: 0 })),
        `b${block}`,
      );
    }
    expect(partition.sizes.openCells).toBe(2 * groups + 1);
    const found = states(partition);
    expect([...found.values()].reduce((sum, n) => sum + n, 0)).toBe(100_000);
    expect(found.get('0 __other__,__other__')).toBe(49_950);
    expect(partition.countsByMetric).toEqual([{ metric: 'm', late: 0, overflowed: 100_000 - groups }]);
  });

  it('holds the last 4,096 block ids', () => {
    const { partition, send } = begin();
    for (let i = 0; i <= RECENT_BLOCKS; i++) send([{ g: 'a', n: 1, at: 0 }], `b${i}`);
    send([{ g: 'a', n: 1, at: 0 }], 'b1');
    expect(partition.counters.repeatedBlocks).toBe(1);
    send([{ g: 'a', n: 1, at: 0 }], 'b0');
    expect(partition.counters.repeatedBlocks).toBe(1);
    expect(partition.beginFlush()?.commit.facts.blocks).toHaveLength(RECENT_BLOCKS);
  });

  it('drops a pane when it is final and stored, not before', () => {
    const { partition, send } = begin();
    send([{ g: 'a', n: 1, at: 0 }], 'b1');
    send([{ g: 'a', n: 1, at: 120_000 }], 'b2');
    send([{ g: 'a', n: 1, at: 120_000 }], 'b3');
    expect(partition.sizes.openCells).toBe(2);
    partition.drainUpdates().acknowledge();
    partition.beginFlush();
    partition.commitFlush();
    Array.from(partition.evicting());
    expect(partition.sizes.openCells).toBe(1);
  });

  it('drops many panes in steps, while others fold', () => {
    const { partition, send } = begin();
    const groups = Array.from({ length: 9_000 }, (_, i) => ({ g: `g${i}`, n: 1, at: (i % 10) * 10_000 }));
    send(groups, 'b1');
    send([{ g: 'a', n: 1, at: 200_000 }], 'b2');
    partition.drainUpdates().acknowledge();
    partition.beginFlush();
    partition.commitFlush();
    let steps = 0;
    for (const _ of partition.evicting()) send([{ g: 'a', n: 1, at: 200_000 }], `c${steps++}`);
    expect(steps).toBe(4);
    expect(partition.sizes.openCells).toBe(1);
  });

  it('is drained and flushed between blocks only, wherever its steps are interrupted', () => {
    const { partition } = begin();
    const all = Array.from({ length: 5_000 }, (_, i) => ({ g: `g${i % 7}`, n: 1, at: i }));
    const lines = all.map(({ at, g, n }) =>
      JSON.stringify({ event: 'e', timestamp: T0 + at, properties: { g, n } }),
    );
    const received = T0 + 3_600_000;
    const headers = encodeBlockHeaders({ block: 'b', received, count: all.length, kind: 'events' });
    const block = {
      offset: partition.nextOffset,
      time: received,
      headers,
      value: Buffer.from(lines.join('\n')),
    };
    const steps = partition.foldInSteps(block);
    const before = {
      nextOffset: partition.nextOffset,
      watermark: partition.watermark,
      received: partition.received,
    };
    let step = steps.next();
    while (step.value !== 'alone') {
      expect(partition.drainUpdates().cells).toBe(0);
      step = steps.next();
    }
    step = steps.next();
    let inside = 0;
    for (; !step.done; step = steps.next()) {
      inside++;
      expect(() => partition.drainUpdates()).toThrow('in the middle of a block');
      expect(() => partition.beginFlush()).toThrow('in the middle of a block');
      expect(partition).toMatchObject(before);
      partition.cool(0);
    }
    expect(inside).toBeGreaterThan(3);
    expect(partition).toMatchObject({ nextOffset: before.nextOffset + 1, received, watermark: T0 + 4_999 });
    const { updates } = partition.drainUpdates();
    const counted = updates.flatMap((u) => u.cells).reduce((sum, { state }) => sum + state.nums[0]!, 0);
    expect(counted).toBe(5_000);
  });

  it('gives its changes in pieces, each state once, oldest change first', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 3_000 }), (cells, bytes) => {
        const { partition, send } = begin();
        send(
          Array.from({ length: 20 }, (_, i) => ({ g: `g${i}`, n: i, at: 0 })),
          'b1',
        );
        const taken: string[] = [];
        let left = partition.changed;
        expect(left).toBe(20);
        while (left > 0) {
          // What changes meanwhile comes later, and is no reason to leave out what waits.
          if (left === 20) send([{ g: 'g0', n: 0, at: 0 }], 'b2');
          const piece = partition.drainUpdates({ cells, bytes });
          const found = piece.updates.flatMap((u) => u.cells.map(({ group }) => group.join()));
          expect(found).toHaveLength(piece.cells);
          expect(piece.cells).toBeGreaterThan(0);
          expect(piece.cells).toBeLessThanOrEqual(cells);
          for (const { received } of piece.updates) expect(received).toBe(T0 + 3_600_000);
          piece.acknowledge();
          taken.push(...found);
          left -= piece.cells;
        }
        expect(taken).toEqual(Array.from({ length: 20 }, (_, i) => `g${i}`));
        expect(partition.drainUpdates().cells).toBe(0);
      }),
    );
  });

  it('refuses a definition it cannot read, and goes on without it', () => {
    const { partition, control } = begin();
    const definition = { event: 'e', aggregate: 'nonsense(n)' };
    const refused = control({ kind: 'metric', metric: 'bad', version: 2, definition });
    expect(refused).toMatchObject([{ fault: { code: 'unknown_aggregate' } }]);
    expect(partition.active.map((a) => a.metric)).toEqual(['m']);
  });

  it('stops at a block that comes again: its consumer is broken', () => {
    const { partition, send } = begin();
    send([{ at: 0 }], 'b');
    expect(() => partition.fold({ offset: 0, time: T0, headers: {}, value: new Uint8Array() })).toThrow(
      'came again',
    );
  });
});
