import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { createWorkload } from '../crash/crash-workload.ts';
import { eventually } from '../testing/eventually.ts';
import { kafkaClient } from './admin-client.ts';
import { awaitIdle } from './await-idle.ts';
import { checkRun } from './check-run.ts';
import { compareWithFresh } from './compare-with-fresh.ts';
import { countByHand } from './count-by-hand.ts';
import { type MatrixWorld, openMatrixWorld } from './matrix-world.ts';
import { outageLength } from './outage-length.ts';
import { defineRun, metricsOf } from './run-metrics.ts';
import { type Answered, readAnswer, startApps } from './start-apps.ts';
import { watchCounts } from './watch-counts.ts';

const APPS = 6;
const BATCH = 5;
const PREFIX = 'away-';
/** Bytes that ingest accepts before it refuses; a burst of an app is more. */
const PENDING = 1_000_000;
const WITHIN = 120_000;
const TIMEOUT = 600_000;
const reason = inject('noBroker');

describe.skipIf(reason !== '')(`a broker that goes away ${reason}`, () => {
  let world: MatrixWorld | null = null;
  afterAll(() => world?.close());

  it(
    'nothing acknowledged is lost or doubled, nothing is refused silently, and everything recovers by itself',
    async () => {
      world = await openMatrixWorld({
        ingest: 2,
        gateway: 1,
        env: { ...kafkaClient(), MILLRACE_PENDING_BYTES: `${PENDING}` },
      });
      const { stack, log, store, gateways } = world;
      const metrics = metricsOf('away');
      await defineRun(gateways, metrics);
      const hand = countByHand(createWorkload(1, { event: metrics.event, prefix: PREFIX, size: BATCH }));
      const boards = await Promise.all(
        (['websocket', 'polling'] as const).map((transport) =>
          watchCounts({ url: gateways[0]!, transport, metric: metrics.hits, hand }),
        ),
      );
      const moved = (than: number): Promise<unknown> =>
        eventually(
          () => boards.map((board) => board.total()),
          (totals) => totals.every((total) => total > than),
          WITHIN,
        );
      const began = Date.now();
      const apps = startApps(
        stack.ingest.map(({ url }) => url),
        hand.workload,
        APPS,
      );
      await moved(0);

      await stack.broker.kill9();
      const [hasty] = await Promise.all([postTooMuch(stack.ingest[0]!.url), wait(outageLength())]);
      const taken = apps.acknowledged.size;
      await stack.broker.restart();
      await moved(taken);
      await apps.stop();
      await awaitIdle(log, store);

      const { acknowledged, answers } = apps;
      const sent = hand.workload.unique;
      expect(acknowledged).toEqual(new Set(sent.keys()));
      await checkRun(store, gateways, { metrics, prefix: PREFIX, began, sent, acknowledged });
      await compareWithFresh([...boards, ...world.lasting]);
      expect(boards.flatMap((board) => board.wrong)).toEqual([]);
      console.log(
        `Answers while the broker was away, and before and after: ${summary(answers)}; a hasty app: ${summary(hasty)}`,
      );
      expectNothingSilent([...answers, ...hasty]);
      expect(codes(answers)).toContain('log_unavailable');
      expect(codes(hasty)).toContain('overloaded');
      expect(stack.members().flatMap((member) => member.unasked)).toEqual([]);
      for (const board of boards) board.close();
    },
    TIMEOUT,
  );
});

/** Twice what may wait, all at once. */
function postTooMuch(url: string): Promise<Answered[]> {
  const event = { event: 'bulk', properties: { text: 'x'.repeat(50_000) } };
  const body = JSON.stringify(Array.from({ length: 8 }, () => event));
  return Promise.all(
    Array.from({ length: 5 }, async () =>
      readAnswer(await fetch(`${url}/v1/events`, { method: 'POST', body })),
    ),
  );
}

/** Every request has an answer: accepted, or a 503 with its code and the time to retry. */
function expectNothingSilent(answers: readonly Answered[]): void {
  const unclear = answers.filter(
    ({ status, code, retryAfter }) =>
      status !== 200 && !(status === 503 && code !== null && Number(retryAfter) > 0),
  );
  expect(unclear).toEqual([]);
}

const codes = (answers: readonly Answered[]): (string | null)[] => answers.map(({ code }) => code);

function summary(answers: readonly Answered[]): string {
  const counts = new Map<string, number>();
  for (const { status, code } of answers) {
    const kind = code === null ? `${status}` : `${status} ${code}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `${count} × ${kind}`).join(', ');
}
