import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { readSeries, total } from '../testing/series.ts';
import { fillUp, useSmallDisk } from '../testing/small-disk.ts';
import { kafkaClient } from './admin-client.ts';
import { type Stack, startStack } from './start-stack.ts';

const reason = inject('noBroker');
const WITHIN = 120_000;
const TIMEOUT = 600_000;
const JSON_BODY = { 'content-type': 'application/json' };
const METRIC = { event: 'hit', aggregate: 'count', window: '10s', pane: '1s', lateness: '30m' };
/** What ingest may say while it cannot store. */
const REFUSALS = ['log_unavailable', 'overloaded'];
const EVENTS = 15;
const EVENT_BYTES = 20_000;

interface Sent {
  name: string;
  code: string | null;
}

async function send(ingest: string, name: string): Promise<Sent> {
  const events = Array.from({ length: EVENTS }, (_, i) => ({
    event: 'hit',
    id: `${name}-${i}`,
    properties: { text: randomBytes(EVENT_BYTES / 2).toString('hex') },
  }));
  const answer = await fetch(`${ingest}/v1/events`, {
    method: 'POST',
    headers: JSON_BODY,
    body: JSON.stringify(events),
  });
  const { code } = (await answer.json()) as { code?: string };
  if (answer.status !== 200) expect(answer.status).toBe(503);
  return { name, code: answer.status === 200 ? null : code! };
}

describe.skipIf(reason !== '')(`services on full disks ${reason}`, () => {
  vi.setConfig({ testTimeout: TIMEOUT, hookTimeout: TIMEOUT });
  const disk = useSmallDisk();
  let stack: Stack | null = null;
  afterEach(() => stack?.close());

  /** A stack with one member on a small disk; null where none can be mounted. */
  async function startOn(
    part: 'broker' | 'store',
    bytes: number,
  ): Promise<{ running: Stack; folder: string } | null> {
    let missing: string | null = null;
    let folder = '';
    const prepare = async (of: string): Promise<void> => {
      folder = join(of, part);
      missing = await disk.mount(folder, bytes);
    };
    stack = await startStack({ env: { ...kafkaClient(), MILLRACE_KAFKA_DEADLINE: '3s' }, prepare });
    if (missing !== null) return null;
    const body = JSON.stringify(METRIC);
    const put = await fetch(`${stack.gateway[0]!.url}/v1/metrics/hits`, {
      method: 'PUT',
      headers: JSON_BODY,
      body,
    });
    expect(put.status).toBe(201);
    return { running: stack, folder };
  }
  const countedBy = ({ gateway }: Stack): Promise<number> =>
    readSeries(gateway[0]!.url, 'hits', '?range=30m&window=10s').then(total);

  it("Kafka's is full: refused with a code, alive, and with room and the broker back it goes on, nothing lost", async ({
    skip,
  }) => {
    const started = await startOn('broker', 150e6);
    if (started === null) return skip('no small disk can be mounted here');
    const { running, folder } = started;
    const ingest = running.ingest[0]!;
    const sent: Sent[] = [];
    while (sent.length < 20) sent.push(await send(ingest.url, `before${sent.length}`));
    expect(sent.every(({ code }) => code === null)).toBe(true);
    const release = await fillUp(folder);
    for (let refused = 0; refused < 3; ) {
      const one = await send(ingest.url, `full${sent.length}`);
      sent.push(one);
      refused = one.code === null ? 0 : refused + 1;
    }
    for (const { code } of sent) if (code !== null) expect(REFUSALS).toContain(code);
    for (const member of [ingest, running.aggregator[0]!, running.gateway[0]!]) {
      expect((await fetch(`${member.url}/live`)).status, member.name).toBe(200);
      expect(member.unasked, member.name).toEqual([]);
    }
    await release();
    await running.broker.restart();
    for (const { name, code } of sent) {
      if (code === null) continue;
      await eventually(
        () => send(ingest.url, name),
        (again) => again.code === null,
        WITHIN,
      );
    }
    await eventually(
      () => countedBy(running),
      (n) => n === EVENTS * sent.length,
      WITHIN,
    );
  });

  it("the Store's is full: events are taken, and stored when there is room", async ({ skip }) => {
    const started = await startOn('store', 150e6);
    if (started === null) return skip('no small disk can be mounted here');
    const { running, folder } = started;
    const [ingest, aggregator] = [running.ingest[0]!, running.aggregator[0]!];
    const release = await fillUp(folder);
    let sent = 0;
    while (sent < 20) expect(await send(ingest.url, `full${sent++}`)).toMatchObject({ code: null });
    await eventually(aggregator.output, (text) => text.includes('store_unavailable'), WITHIN);
    await release();
    await eventually(
      () => countedBy(running),
      (n) => n === EVENTS * sent,
      WITHIN,
    );
    const store = running.openStore();
    await eventually(
      () => store.countEvents(),
      (n) => n === EVENTS * sent,
      WITHIN,
    );
    await store.close();
    for (const member of running.members()) expect(member.unasked, member.name).toEqual([]);
  });
});
