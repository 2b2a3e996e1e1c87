import { describe, expect, it } from 'vitest';
import { HEADER } from '#contracts/log/block.ts';
import { emptyCatalog } from '#contracts/log/definition-record.ts';
import { topics } from '#contracts/log/topics.ts';
import { createMemoryLog } from '#platform/log/local/memory-log.ts';
import type { LogRecord } from '#platform/log/log.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import { type BlockWriterOptions, createBlockWriter } from './block-writer.ts';
import { createLateEvents } from './late-events.ts';

function line(text: string, routeBy: string | null = 'k') {
  const bytes = new TextEncoder().encode(text);
  const of = { event: 'e', ts: null, hasId: !text.startsWith('no id') };
  return { line: { bytes, start: 0, end: bytes.length }, routeBy, ...of };
}

async function start(options: Partial<BlockWriterOptions> & { linger: number }) {
  const log = createMemoryLog();
  const partitions = options.partitions ?? 1;
  await log.ensureTopics(topics(partitions));
  const appended: LogRecord[] = [];
  let ids = 0;
  const writer = createBlockWriter(
    { ...options, partitions },
    {
      log: {
        ...log,
        append: async (topic, partition, records) => {
          appended.push(...records);
          return log.append(topic, partition, records);
        },
      },
      metrics: createMetrics(false),
      clock: () => 0,
      randomId: () => `b${ids++}`,
      late: createLateEvents({ catalog: emptyCatalog(), next: 0 }),
    },
  );
  const texts = () => appended.map((record) => Buffer.from(record.value).toString());
  return { writer, appended, texts };
}

describe('blocks', () => {
  it('are shared by requests that come within the linger', async () => {
    const { writer, appended, texts } = await start({ linger: 50 });
    await Promise.all([writer.write([line('a'), line('b')], 7), writer.write([line('c')], 8)]);
    expect(texts()).toEqual(['a\nb\nc\n']);
    expect(appended[0]!.headers).toEqual({
      [HEADER.format]: '1',
      [HEADER.block]: 'b0',
      [HEADER.received]: '7',
      [HEADER.count]: '3',
    });
  });

  it('have ids of their own', async () => {
    const { writer, appended } = await start({ linger: 0 });
    await writer.write([line('a')], 1);
    await writer.write([line('a')], 2);
    expect(appended.map((r) => r.headers[HEADER.block])).toEqual(['b0', 'b1']);
  });

  it('reach their size and no more', async () => {
    const { writer, texts } = await start({ linger: 1, maxBytes: 6 });
    await writer.write([line('aa'), line('bb'), line('c'), line('dd')], 1);
    expect(texts()).toEqual(['aa\nbb\n', 'c\ndd\n']);
  });

  it('are written at once by a drain', async () => {
    const { writer, texts } = await start({ linger: 60_000 });
    const written = writer.write([line('a')], 1);
    await writer.drain();
    await written;
    expect(texts()).toEqual(['a\n']);
  });

  it('cost nothing for a request without events', async () => {
    const { writer, texts } = await start({ linger: 0 });
    await writer.write([], 1);
    expect(texts()).toEqual([]);
  });
});

describe('blocks of an import', () => {
  it('say so, hold one request each, and do not wait for others', async () => {
    const { writer, appended, texts } = await start({ linger: 60_000, imported: true });
    await Promise.all([writer.write([line('a'), line('b')], 7), writer.write([line('c')], 8)]);
    expect(texts()).toEqual(['a\nb\n', 'c\n']);
    expect(appended.map(({ headers }) => headers[HEADER.import])).toEqual(['1', '1']);
  });

  it('have the same id when the same events are sent again, where all of them have ids', async () => {
    const { writer, appended } = await start({ linger: 0, imported: true });
    for (const received of [1, 2]) await writer.write([line('a'), line('b')], received);
    await writer.write([line('a'), line('c')], 3);
    for (const received of [4, 5]) await writer.write([line('a'), line('no id')], received);
    const ids = appended.map(({ headers }) => headers[HEADER.block]);
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(4);
  });
});
