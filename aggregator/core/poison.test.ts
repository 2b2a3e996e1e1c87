import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ERRORS } from '#contracts/errors.ts';
import { FUTURE_SKEW, WIDEST_SKEW } from '#contracts/event/event.ts';
import { HEADER, MAX_BLOCK_BYTES, MAX_BLOCK_LINES } from '#contracts/log/block.ts';
import { encodeControl } from '#contracts/log/control.ts';
import { flattenProperties } from '#platform/store/sql/property-texts.ts';
import type { Rejection } from './decode/decoded-block.ts';
import { Partition } from './partition.ts';
import { restoredEmpty, restorePartition } from './restore/restore-partition.ts';

const T0 = 1_700_000_000_000;
const KEY = { k0: 1, k1: 2 };
const OPTIONS = { partition: 0, identity: 'log', replayUntil: 0, idKey: KEY };
const OURS = { [HEADER.format]: '1', [HEADER.received]: String(T0), [HEADER.block]: 'b' };
const CONTROL = { ...OURS, [HEADER.kind]: 'control' };
const DEFINITIONS = [
  { event: '*', aggregate: 'count', groupBy: ['g', 'h.i'] },
  { event: 'e', aggregate: 'quantiles(n, 0.5)', where: { n: { gt: -1 } } },
  { event: '*', aggregate: 'distinct(g)' },
  { event: '*', aggregate: 'sum(n)', groupBy: 'g' },
];

function begin(): Partition {
  const partition = new Partition(OPTIONS, restoredEmpty());
  for (const [i, definition] of DEFINITIONS.entries()) {
    const control = encodeControl({ kind: 'metric', metric: `m${i}`, version: i, definition });
    const block = { offset: partition.nextOffset, time: T0, headers: CONTROL, value: Buffer.from(control) };
    expect(partition.fold(block)).toEqual([]);
  }
  return partition;
}

interface Poison {
  headers: Record<string, string>;
  value: Uint8Array;
}

/** Folds it and a good event after it, which must count in any case; then starts again from what it would store. */
function survive(partition: Partition, { headers, value }: Poison): Rejection[] {
  const offset = partition.nextOffset;
  const rejected = partition.fold({ offset, time: T0, headers, value });
  expect(partition.nextOffset).toBe(offset + 1);
  for (const { fault, body, index } of rejected) {
    expect(ERRORS).toHaveProperty(fault.code);
    expect(fault.message.length).toBeLessThan(1_000);
    expect(body.length).toBeLessThanOrEqual(1_024);
    expect(index).toBeLessThan(MAX_BLOCK_LINES);
    expect(JSON.parse(JSON.stringify({ fault, body }))).toEqual({ fault, body });
  }
  const before = partition.counters.events;
  const good = { offset: partition.nextOffset, time: T0, headers: {}, value: Buffer.from('{"event":"e"}') };
  expect(partition.fold(good)).toEqual([]);
  expect(partition.counters.events).toBe(before + 1);
  restart(partition);
  return rejected;
}

function restart(partition: Partition): void {
  JSON.stringify(partition.drainUpdates().updates);
  const flush = partition.beginFlush()!;
  for (const row of flush.archive) JSON.stringify(flattenProperties(row.properties));
  const restore = restorePartition(KEY);
  let step = restore.next();
  while (!step.done) {
    const { read } = step.value;
    const ids = flush.archive.flatMap((row) => (row.id === null ? [] : [row]));
    const panes = flush.panes.filter((row) => 'metric' in step.value! && row.metric === step.value.metric);
    step = restore.next(
      read === 'commit'
        ? structuredClone(flush.commit)
        : read === 'panes'
          ? panes
          : read === 'ids'
            ? ids
            : null,
    );
  }
  const again = new Partition(OPTIONS, step.value);
  expect(again.counters).toEqual(partition.counters);
  partition.abandonFlush();
}

const deep = (open: string, close: string, levels: number): string =>
  `{"event":"e","properties":{"g":${open.repeat(levels)}1${close.repeat(levels)}}}`;

const CASES: [string, string | Uint8Array][] = [
  ['no bytes', ''],
  ['NUL bytes', '\0\0\0'],
  ['a NUL inside', '{"event":"e\\u0000","properties":{"g":"\\u0000"}}'],
  ['null', 'null'],
  ['a number', '1e999'],
  ['lists 60,000 deep', deep('[', ']', 60_000)],
  ['objects 30,000 deep', deep('{"a":', '}', 30_000)],
  ['deep outside properties', `{"event":"e","id":${'['.repeat(60_000)}${']'.repeat(60_000)}}`],
  ['only opening brackets', '['.repeat(200_000)],
  ['numbers beyond a double', '{"event":"e","properties":{"n":1e999,"g":-1e999}}'],
  ['a number of 100,000 digits', `{"event":"e","properties":{"n":${'9'.repeat(100_000)}}}`],
  ['names of the prototype', '{"event":"__proto__","properties":{"__proto__":{"g":1},"constructor":1}}'],
  ['lone surrogates', '{"event":"e","properties":{"g":"\\ud800"}}'],
  ['bytes that are no UTF-8', Uint8Array.from({ length: 5_000 }, (_, i) => 128 + (i % 128))],
  ['a group of 200,000 characters', `{"event":"e","properties":{"g":"${'x'.repeat(200_000)}"}}`],
  ['a name of 200,000 characters', `{"event":"e","properties":{"${'x'.repeat(200_000)}":1}}`],
  ['a time in the year 2199', '{"event":"e","timestamp":"2199-01-01T00:00:00Z"}'],
  ['a time before 1970', '{"event":"e","timestamp":-1}'],
  ['more lines than a block has', 'x\n'.repeat(MAX_BLOCK_LINES + 1)],
  ['blank lines', '\n'.repeat(200_000)],
  ['as many bad lines as a block has', 'x\n'.repeat(MAX_BLOCK_LINES - 1)],
  ['8 MB', 'x'.repeat(8_000_000)],
  ['8 MB of events', '{"event":"e"}\n'.repeat(570_000)],
];

describe('a partition goes on behind', () => {
  it.each(CASES)('%s, whatever producer its headers claim', (_name, value) => {
    const bytes = Buffer.from(value);
    for (const headers of [{}, OURS, CONTROL]) survive(begin(), { headers, value: bytes });
  });

  it.each([
    ['another format', { [HEADER.format]: '2' }],
    ['a format of 1 MB', { [HEADER.format]: '1'.repeat(1_000_000) }],
    ['no receipt', { [HEADER.format]: '1' }],
    ['a receipt that is no time', { ...OURS, [HEADER.received]: '1e308' }],
    ['a receipt below zero', { ...OURS, [HEADER.received]: '-1' }],
    ['a count of 1 MB', { ...OURS, [HEADER.count]: '9'.repeat(1_000_000) }],
    ['a block id of 1 MB', { ...OURS, [HEADER.block]: 'b'.repeat(1_000_000) }],
    ['a kind that nobody knows', { ...OURS, [HEADER.kind]: 'x'.repeat(1_000_000) }],
  ])('%s in the headers', (_name, headers) => {
    const rejected = survive(begin(), { headers, value: Buffer.from('{"event":"e"}') });
    expect(rejected).toHaveLength(1);
  });

  it.each([
    [
      'settings beyond all bounds',
      { kind: 'settings', settings: { horizon: 1e308, groups: 1e308, ids: 1e308 } },
    ],
    ['settings below zero', { kind: 'settings', settings: { horizon: -1, groups: 1, ids: 1 } }],
    ['settings of another type', { kind: 'settings', settings: [] }],
    ['a metric without aggregate', { kind: 'metric', metric: 'x', version: 9, definition: { event: 'e' } }],
    ['a definition that is a list', { kind: 'metric', metric: 'x', version: 9, definition: [] }],
    [
      'a metric of 100,000 letters',
      { kind: 'metric', metric: 'x'.repeat(100_000), version: 9, definition: DEFINITIONS[0] },
    ],
    ['a version below zero', { kind: 'metric', metric: 'x', version: -9, definition: DEFINITIONS[0] }],
    [
      'a horizon of a million years',
      { kind: 'metric', metric: 'x', version: 9, definition: { ...DEFINITIONS[0], lateness: '365000000d' } },
    ],
  ])('a control block with %s', (_name, control) => {
    const rejected = survive(begin(), { headers: CONTROL, value: Buffer.from(JSON.stringify(control)) });
    expect(rejected).toHaveLength(1);
  });

  it('records of any bytes, and good ones that were changed anywhere', () => {
    const text = fc.constantFrom(
      '{"event":"e","id":"1","key":"k","timestamp":1700000000000,"properties":{"g":"a","n":1.5,"h":{"i":true}}}',
      ...CASES.map(([, value]) => Buffer.from(value).subarray(0, 2_000).toString()),
      ...DEFINITIONS.map((d) => encodeControl({ kind: 'metric', metric: 'x', version: 7, definition: d })),
      '{"kind":"settings","settings":{"horizon":1000,"groups":1,"ids":1}}',
      '{"kind":"retire","metric":"m0","version":0}',
    );
    const change = fc.record({ at: fc.nat(2_000), by: fc.uint8Array({ maxLength: 4 }), cut: fc.nat(3) });
    const value = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .tuple(fc.array(text, { minLength: 1, maxLength: 4 }), fc.array(change, { maxLength: 3 }))
        .map(([lines, changes]) =>
          changes.reduce(
            (bytes, { at, by, cut }) => {
              const from = at % (bytes.length + 1);
              return Buffer.concat([bytes.subarray(0, from), by, bytes.subarray(from + cut)]);
            },
            Buffer.from(lines.join('\n')),
          ),
        ),
    );
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom('1', 'control', 'events'),
    );
    const headers = fc.oneof(
      fc.constantFrom<Record<string, string>>({}, OURS, CONTROL),
      fc.dictionary(fc.constantFrom(...Object.values(HEADER), '__proto__', 'x'), anyText),
      fc.dictionary(fc.constantFrom(...Object.values(HEADER)), anyText).map((some) => ({ ...OURS, ...some })),
    );
    const partition = begin();
    fc.assert(
      fc.property(fc.array(fc.record({ headers, value }), { maxLength: 5 }), (poisons) => {
        for (const poison of poisons) survive(partition, poison);
      }),
      { numRuns: 150 },
    );
  });
});

describe('neighbours', () => {
  it('in the same block count', () => {
    const lines = CASES.map(([, value]) => Buffer.from(value).toString())
      .filter((line) => line.length < 5_000 && !line.includes('\n'))
      .flatMap((line) => [line, '{"event":"good"}']);
    for (const headers of [{}, OURS]) {
      const partition = begin();
      partition.fold({
        offset: partition.nextOffset,
        time: T0,
        headers,
        value: Buffer.from(lines.join('\n')),
      });
      expect(partition.counters.events).toBeGreaterThanOrEqual(lines.length / 2);
    }
  });

  it('are not made late by a receipt or a time far ahead', () => {
    const partition = begin();
    const ahead = String(T0 + 10 * WIDEST_SKEW);
    const fold = (headers: Record<string, string>, text: string) =>
      partition.fold({ offset: partition.nextOffset, time: T0, headers, value: Buffer.from(text) });
    fold({ ...OURS, [HEADER.received]: ahead }, `{"event":"e","timestamp":${ahead}}`);
    expect(partition.watermark).toBeNull();
    fold({ ...OURS, [HEADER.block]: 'c', [HEADER.received]: ahead }, '{"event":"e"}');
    expect(partition.watermark).toBe(T0);
    expect(fold({}, `{"event":"e","timestamp":${T0 + FUTURE_SKEW + 1}}`)).toMatchObject([
      { fault: { code: 'timestamp_in_future' } },
    ]);
  });
});

it('reads a block in steps of bounded size', () => {
  const line = '{"event":"e","properties":{"g":"a"}}\n';
  for (const text of [
    line.repeat(6_000),
    `{"event":"e","properties":{"g":"${'x'.repeat(30_000)}"}}\n`.repeat(8),
  ]) {
    const value = Buffer.from(text);
    expect(value.length).toBeLessThan(MAX_BLOCK_BYTES);
    const partition = begin();
    const steps = partition.foldInSteps({ offset: partition.nextOffset, time: T0, headers: {}, value });
    let count = 0;
    while (!steps.next().done) count++;
    expect(count).toBeGreaterThanOrEqual(4);
  }
});
