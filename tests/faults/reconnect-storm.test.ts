import { expect, it } from 'vitest';
import { type Client, createClient } from '#client/index.ts';
import { emptyContents, type ViewContents } from '#contracts/view/frame.ts';
import { plain } from '../protocol/raw-client.ts';
import { eventually } from '../testing/eventually.ts';
import { defineHits, idsOf, sendHits } from './hits.ts';
import { readFigures } from './server-figures.ts';
import { totalOf } from './total-of.ts';
import { useMillrace } from './use-millrace.ts';

const CLIENTS = 1_000;
const millrace = useMillrace();

it(`${CLIENTS} clients that come back at the same moment all end with the same contents`, async () => {
  const first = await millrace.start();
  await defineHits(first.url);
  const shown: ViewContents[] = [];
  const clients: Client[] = [];
  for (let i = 0; i < CLIENTS; i++) {
    shown.push(emptyContents());
    // Without chance there is no jitter: all of them come in step, which is the worst case.
    const client = createClient({ url: first.url, environment: { random: () => 0.5 } });
    client.subscribe(
      { metric: 'hits', window: '10s', range: '30m' },
      { onChange: (contents) => (shown[i] = contents) },
    );
    clients.push(client);
  }
  const allShow = (total: number): Promise<unknown> =>
    eventually(
      () => shown.filter((contents) => totalOf(contents) !== total).length,
      (others) => others === 0,
      90_000,
    );
  expect(await sendHits(first.url, idsOf('before', 500))).toMatchObject({ status: 200 });
  await allShow(500);
  const before = await readFigures(first.url);

  await first.kill();
  const { url, stop } = await millrace.start();
  expect(await sendHits(url, idsOf('after', 500))).toMatchObject({ status: 200 });
  await allShow(1_000);
  const after = await readFigures(url);
  console.log(
    `${CLIENTS} clients: ${before.memory} MB before; ${after.memory} MB and a loop delay of ${after.delay} ms (p99) after they came back`,
  );
  expect(new Set(shown.map((contents) => JSON.stringify(plain(contents)))).size).toBe(1);
  await Promise.all(clients.map((client) => client.close()));
  expect(await stop()).toBe(0);
});
