import { describe, expect, it } from 'vitest';
import { NOW } from './testing/harness.ts';
import { useIngest } from './testing/use-ingest.ts';

const start = useIngest();

const MINUTE = 60_000;
const at = (ms: number, event = 'e', id?: string): string =>
  JSON.stringify({ event, timestamp: NOW - ms, key: 'one', ...(id === undefined ? {} : { id }) });
const list = (...events: string[]): string => `[${events.join()}]`;

describe('late events', () => {
  it('are told by the watermark of earlier blocks, and are part of the accepted ones', async () => {
    const { post, ingest, metrics } = await start();
    expect((await post(list(at(0), at(MINUTE), at(30 * MINUTE)))).json()).toMatchObject({
      accepted: 3,
      late: 0,
    });
    const next = await post(list(at(MINUTE - 1), at(MINUTE), at(MINUTE + 1), at(30 * MINUTE)));
    expect(next.json()).toMatchObject({ accepted: 4, late: 3, rejected: 0 });
    expect(ingest.totals()).toMatchObject({ accepted: 7, late: 3, imported: 0 });
    expect(await metrics.read('millrace_ingest_late_events_total')).toBe(3);
  });

  it('are those that every metric which counts the name finds late', async () => {
    const metric = (event: string | string[], lateness?: string) => ({
      event,
      aggregate: 'count',
      ...(lateness === undefined ? {} : { lateness }),
    });
    const { post } = await start({
      definitions: {
        a: metric('a', '5s'),
        b: metric(['a', 'b'], '10m'),
        c: metric('c', '2s'),
        d: metric('d'),
      },
    });
    await post(at(0));
    const lateOf = async (event: string, ms: number) => (await post(at(ms, event))).json().late;
    expect([await lateOf('a', 10 * MINUTE - 1), await lateOf('a', 10 * MINUTE)]).toEqual([0, 1]);
    expect([await lateOf('c', 1_999), await lateOf('c', 2_000)]).toEqual([0, 1]);
    expect([await lateOf('d', MINUTE - 1), await lateOf('d', MINUTE)]).toEqual([0, 1]);
    expect([await lateOf('unknown', MINUTE - 1), await lateOf('unknown', MINUTE)]).toEqual([0, 1]);
  });

  it('are judged by partition, and a metric that counts every name counts', async () => {
    const { post } = await start({
      definitions: { all: { event: '*', aggregate: 'count', lateness: '1h' } },
    });
    await post(at(0));
    expect((await post(at(59 * MINUTE))).json().late).toBe(0);
    expect((await post(at(60 * MINUTE))).json().late).toBe(1);
    const other = JSON.stringify({ event: 'e', timestamp: NOW - 60 * MINUTE, key: 'another' });
    expect((await post(other)).json().late).toBe(0);
  });
});

describe('an import', () => {
  const DAY = 24 * 60 * MINUTE;

  it('is told apart in its blocks, is never late, and makes nothing late', async () => {
    const { post, events, ingest, metrics } = await start();
    await post(at(40 * MINUTE));
    const answer = await post(list(at(30 * DAY), at(-MINUTE), at(0)), {}, '?import=true');
    expect(answer.json()).toEqual({ accepted: 3, late: 0, duplicates: 0, rejected: 0, errors: [] });
    expect((await post(at(40 * MINUTE))).json().late).toBe(0);
    expect((await events()).map(({ imported }) => imported).sort()).toEqual([false, false, true, true, true]);
    expect(ingest.totals()).toMatchObject({ accepted: 5, imported: 3 });
    expect(await metrics.read('millrace_ingest_imported_events_total')).toBe(3);
  });

  it('is held to the rules of events: none may lie in the future', async () => {
    const { post } = await start();
    const answer = await post(list(at(DAY), at(-6 * MINUTE)), {}, '?import=true');
    expect(answer.json()).toMatchObject({
      accepted: 1,
      rejected: 1,
      errors: [{ code: 'timestamp_in_future' }],
    });
  });

  it('takes true and false, and nothing else', async () => {
    const { post, events } = await start();
    expect((await post(at(0), {}, '?import=false')).statusCode).toBe(200);
    expect((await events())[0]!.imported).toBe(false);
    const refused = await post(at(0), {}, '?import=yes');
    expect(refused.json()).toMatchObject({ status: 400, code: 'invalid_parameter', field: 'import' });
  });
});
