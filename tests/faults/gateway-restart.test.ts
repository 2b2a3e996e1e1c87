import { expect, it } from 'vitest';
import { createClient } from '#client/index.ts';
import { emptyContents, type ViewContents } from '#contracts/view/frame.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { eventually } from '../testing/eventually.ts';
import { freePort } from '../testing/free-port.ts';
import { startGatewayPart } from '../testing/gateway-part.ts';
import { startMemoryMillrace } from '../testing/memory-millrace.ts';
import { defineHits, idsOf, sendHits } from './hits.ts';
import { totalOf } from './total-of.ts';

it('a gateway restarted alone: events are taken meanwhile, and its clients come back to all of them', async () => {
  const millrace = await startMemoryMillrace();
  const port = await freePort();
  const settings = readSettings({ MILLRACE_PORT: String(port), MILLRACE_DRAIN_SPREAD: '100ms' });
  await defineHits(millrace.url);
  let gateway = await startGatewayPart(settings, millrace);
  const clients = Array.from({ length: 5 }, () => createClient({ url: gateway.url }));
  const shown: ViewContents[] = clients.map(emptyContents);
  for (const [i, client] of clients.entries()) {
    client.subscribe(
      { metric: 'hits', window: '10s', range: '30m' },
      { onChange: (contents) => (shown[i] = contents) },
    );
  }
  let sent = 0;
  const send = async (): Promise<void> => {
    expect(await sendHits(millrace.url, idsOf(`at${sent}`, 100))).toMatchObject({ status: 200 });
    sent += 100;
  };
  const allShow = (): Promise<unknown> =>
    eventually(
      () => shown.map(totalOf),
      (totals) => totals.every((n) => n === sent),
    );
  await send();
  await allShow();
  for (let restart = 0; restart < 3; restart++) {
    const closed = gateway.close();
    await send();
    await closed;
    await send();
    gateway = await startGatewayPart(settings, millrace);
    await send();
    await allShow();
  }
  for (const client of clients) await client.close();
  await gateway.close();
  await millrace.close();
});
