import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { topics } from '#contracts/log/topics.ts';
import type { LocalLog } from '#platform/log/local/local-log.ts';
import { createMemoryLog } from '#platform/log/local/memory-log.ts';
import { eventually, recordOf } from '#platform/log/log-harness.conformance.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import type { CatalogFollower } from './follow.ts';
import { type CatalogDeps, openCatalog } from './open-catalog.ts';

const board = (id: string, basedOn: number | null, body: Record<string, unknown> | null) =>
  ({ kind: 'board', id, basedOn, body, version: null }) as const;

describe('openCatalog', () => {
  let log: LocalLog;
  let fault: Error | null;
  let lines: Record<string, unknown>[];
  const metrics = createMetrics(false);
  const open = (more: Partial<CatalogDeps> = {}) => {
    const logger = createLogger('debug', 'test', { write: (line) => void lines.push(JSON.parse(line)) });
    return openCatalog(log, { logger, metrics, ...more });
  };
  beforeEach(async () => {
    fault = null;
    lines = [];
    log = createMemoryLog({ failAppend: () => fault });
    await log.ensureTopics(topics(1));
  });
  afterEach(() => log.close());
  const plain = ({ catalog }: CatalogFollower) => ({
    ...catalog,
    boards: [...catalog.boards],
    metrics: [...catalog.metrics],
  });

  it('names a new log once, whichever process is first, and keeps the name', async () => {
    const [a, b] = await Promise.all([open({ createId: () => 'one' }), open({ createId: () => 'two' })]);
    expect(['one', 'two']).toContain(a.identity);
    expect(b.identity).toBe(a.identity);
    const later = await open({ createId: () => 'three' });
    expect(later.identity).toBe(a.identity);
    expect((await log.bounds('definitions'))[0]!.end).toBeLessThanOrEqual(2);
  });

  it('applies exactly one of two writes on the same base, and both followers agree', async () => {
    const [a, b] = await Promise.all([open(), open()]);
    let basedOn: number | null = null;
    for (let round = 0; round < 20; round++) {
      const outcomes: { applied: boolean; offset: number }[] = await Promise.all([
        a.write(board('x', basedOn, { by: 'a', round })),
        b.write(board('x', basedOn, { by: 'b', round })),
      ]);
      expect(outcomes.filter((o) => o.applied)).toHaveLength(1);
      basedOn = outcomes.find((o) => o.applied)!.offset;
      expect(outcomes[0]!.applied ? a.catalog.boards.get('x') : b.catalog.boards.get('x')).toMatchObject({
        offset: basedOn,
      });
    }
    await eventually(() => expect(plain(a)).toEqual(plain(b)));
    expect(a.catalog.boards.get('x')).toMatchObject({ offset: basedOn, body: { round: 19 } });
  });

  it('has read everything that was there when it resolves, and refuses a stale base', async () => {
    const writer = await open();
    const { offset } = await writer.write(board('x', null, { title: 'first' }));
    await writer.write(board('y', null, { title: 'other' }));
    const reader = await open();
    expect(plain(reader)).toEqual(plain(writer));
    expect(await reader.write(board('x', null, { title: 'stale' }))).toMatchObject({ applied: false });
    expect(await reader.write(board('x', offset, null))).toMatchObject({ applied: true });
    expect(reader.catalog.boards.has('x')).toBe(false);
  });

  it('notifies listeners of applied records only, in order, until they leave', async () => {
    const follower = await open();
    const heard: unknown[] = [];
    const leave = follower.subscribe((record, offset) =>
      heard.push([record.kind === 'board' && record.id, offset]),
    );
    const first = await follower.write(board('x', null, {}));
    await follower.write(board('x', null, {}));
    leave();
    await follower.write(board('y', null, {}));
    expect(heard).toEqual([['x', first.offset]]);
  });

  it('skips what it cannot read, logs it with its code and counts it', async () => {
    const before = await metrics.read('millrace_definitions_skipped_total');
    await log.append('definitions', 0, [recordOf('{"kind":'), recordOf('{"kind":"panel"}'), recordOf('[]')]);
    const follower = await open();
    expect(await follower.write(board('x', null, {}))).toMatchObject({ applied: true });
    expect((await metrics.read('millrace_definitions_skipped_total')) - before).toBe(3);
    expect(lines).toContainEqual(expect.objectContaining({ code: 'invalid_json', offset: 0 }));
    expect(lines).toContainEqual(expect.objectContaining({ code: 'wrong_type', offset: 1 }));
  });

  it('rejects when the identity cannot be written, and a write that the log refuses', async () => {
    fault = new Error('no disk');
    await expect(open()).rejects.toBe(fault);
    fault = null;
    const follower = await open();
    fault = new Error('no disk');
    await expect(follower.write(board('x', null, {}))).rejects.toBe(fault);
    fault = null;
    expect(await follower.write(board('x', null, {}))).toMatchObject({ applied: true });
  });

  it('rejects writes once closed', async () => {
    const follower = await open();
    await Promise.all([follower.close(), follower.close()]);
    await expect(follower.write(board('x', null, {}))).rejects.toMatchObject({ code: 'shutting_down' });
  });

  it('rejects writes, and says why, when the topic can no longer be followed', async () => {
    const failures: Error[] = [];
    const follower = await open({ failed: (error) => failures.push(error) });
    follower.subscribe(() => {
      throw new Error('broken listener');
    });
    await expect(follower.write(board('x', null, {}))).rejects.toThrow('broken listener');
    expect(lines).toContainEqual(expect.objectContaining({ level: 50, code: 'internal' }));
    await expect(follower.write(board('y', null, {}))).rejects.toThrow('broken listener');
    expect(failures).toHaveLength(1);
  });
});
