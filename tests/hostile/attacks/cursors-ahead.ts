import type { Attack, Stage } from '../attack.ts';
import { openViewer } from '../viewer.ts';
import { defineMetric, fillHistory, seriesPath } from './define.ts';

const CONNECTIONS = 50;
const VIEWS = 190;

/** The token `next` of an answer, moved ahead to a position that is not reached. */
function tokenAhead(next: string, by: number): string {
  const fields = JSON.parse(Buffer.from(next, 'base64url').toString()) as unknown[];
  return Buffer.from(JSON.stringify(fields.with(1, Number(fields[1]) + by))).toString('base64url');
}

async function waitAhead({ attacker, long }: Stage): Promise<void> {
  const query = { range: '2m', window: '1s' };
  const { text } = await attacker.send({ path: seriesPath('ahead', query) });
  const { next } = JSON.parse(text) as { next: string };
  const waits = Array.from({ length: long ? 3_000 : 900 }, (_, i) =>
    attacker.send({ path: seriesPath('ahead', { ...query, since: tokenAhead(next, 1e6 + i), wait: '5s' }) }),
  );
  await Promise.all(waits);
}

/** Clients that wait for a position that may never come are counted, and each is woken by an event of its own. */
export const cursorsAhead: Attack = {
  name: 'cursors ahead',
  what: 'thousands of subscriptions and waiting requests with a cursor that the gateway has not reached',
  async setUp(stage) {
    await defineMetric(stage, 'ahead', {
      event: 'ahead',
      aggregate: 'count',
      groupBy: ['group'],
      window: '1s',
    });
    await fillHistory(stage, { event: 'ahead', groups: 20, seconds: 30 });
  },
  async run(stage) {
    const viewers = await Promise.all(
      Array.from({ length: CONNECTIONS }, (_, i) =>
        openViewer(stage.url, stage.key, `127.0.0.${2 + (i % 8)}`),
      ),
    );
    for (const viewer of viewers) stage.leaveOpen(() => viewer.close());
    const first = await viewers[0]!.subscribe({ request: { metric: 'ahead' } });
    if (!first.ok) throw new Error(first.error.message);
    const { epoch } = first.frame;
    const rounds = stage.long ? 5 : 1;
    for (let round = 0; round < rounds && !stage.over.aborted; round++) {
      const asked = viewers.flatMap((viewer) =>
        Array.from({ length: VIEWS }, (_, i) =>
          viewer.subscribe({
            request: { metric: 'ahead', range: `${60 + i}s`, window: '1s' },
            cursor: { epoch, offset: 1e9 + i, end: Date.now() },
            version: first.info.version,
          }),
        ),
      );
      for (const reply of await Promise.all(asked))
        stage.attacker.count(reply.ok ? 'view' : `view ${reply.error.code}`);
    }
    await waitAhead(stage);
  },
};
