import { afterEach, describe, expect, it } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import { MillraceError } from '#contracts/errors.ts';
import { createMemoryLog } from '#platform/log/local/memory-log.ts';
import type { Log } from '#platform/log/log.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { createMemoryStore } from '#platform/store/memory/memory-store.ts';
import { eventually } from '../tests/testing/eventually.ts';
import { buildEmbedded, type Embedded } from './app.ts';
import { explainEmbeddedEnd } from './explain-embedded-end.ts';

const LOST = new MillraceError({ code: 'position_out_of_bounds', message: 'Offset 4 is gone.' });

let app: Embedded;
afterEach(() => app.close());

/** Starts all parts on a log that tests can break; returns the errors they end with. */
async function startOn(wrap: (log: Log) => Log): Promise<Error[]> {
  const failures: Error[] = [];
  const log = createMemoryLog();
  app = await buildEmbedded(readSettings({ MILLRACE_PORT: '0', MILLRACE_PARTITIONS: '2' }), {
    log: { ...log, ...wrap(log) },
    store: createMemoryStore({ aggregateOf }),
    logger: createLogger('silent', 'test'),
    failed: (error) => failures.push(error),
  });
  return failures;
}

describe('a part that has ended for good is reported to the process', () => {
  it('the aggregator, when its partitions cannot be followed', async () => {
    let lose = (_: Error): void => {};
    const failures = await startOn((log) => ({
      ...log,
      consume: (topic, group, handlers) => {
        lose = handlers.failed;
        return log.consume(topic, group, handlers);
      },
    }));
    expect(failures).toEqual([]);
    lose(LOST);
    expect(failures).toEqual([LOST]);
    expect(await (await fetch(`${app.url}/ready`)).json()).toMatchObject({ code: 'not_ready' });
  });

  it('the definitions, when their topic cannot be followed', async () => {
    let lose = (_: Error): void => {};
    const failures = await startOn((log) => ({
      ...log,
      tail: (topic, partition, from, handler, failed) => {
        if (topic === 'definitions') lose = failed;
        return log.tail(topic, partition, from, handler, failed);
      },
    }));
    lose(LOST);
    expect(failures).toEqual([LOST]);
  });

  it('the gateway, when a fault that no retry helps keeps it from joining', async () => {
    let tails = 0;
    const failures = await startOn((log) => ({
      ...log,
      tail: (topic, ...rest) => {
        if (topic === 'updates' && tails++ === 0) return Promise.reject(LOST);
        return log.tail(topic, ...rest);
      },
    }));
    await eventually(
      () => failures,
      (found) => found.length === 1,
    );
    expect(failures).toEqual([LOST]);
  });
});

describe('explainEmbeddedEnd', () => {
  it('is one line that says what to do for a known fault', () => {
    const words = explainEmbeddedEnd(LOST, '/srv/data');
    expect(words).toMatch(/^Millrace: Offset 4 is gone\. \/srv\/data\/log and .*\(position_out_of_bounds\)$/);
    expect(words).not.toContain('\n');
  });

  it('keeps the stack of a bug', () => {
    expect(explainEmbeddedEnd(new TypeError('x is not a function'), '')).toMatch(
      /internal\)\nTypeError: x is not a function\n +at /,
    );
  });
});
