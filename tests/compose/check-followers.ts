import { compareWithFresh } from '../services/compare-with-fresh.ts';
import { openAudience } from '../services/followers.ts';
import { eventually } from '../testing/eventually.ts';
import { containersOf, docker, URL_OF_STACK } from './compose.ts';
import { startLoad } from './load.ts';

/** Of each transport: enough that both gateways almost certainly have some of each. */
const CLIENTS = 8;
const SEND_FOR = 10_000;
const COUNT = `fetch('http://127.0.0.1:8080/metrics').then((r) => r.text()).then((text) => console.log(/^millrace_gateway_viewers\\S* (\\d+)/m.exec(text)[1]))`;

/** Clients over both transports, through the proxy alone, at two gateways: all see what a fresh one sees, and it is what was sent. */
export async function checkFollowers(): Promise<string[]> {
  const load = await startLoad(`followed_${Date.now().toString(36)}`);
  const audience = openAudience(Array.from({ length: CLIENTS }, () => URL_OF_STACK));
  try {
    const all = await audience.follow({ metric: load.name, range: '5m' });
    for (const followed of all) followed.measure();
    await new Promise((resolve) => setTimeout(resolve, SEND_FOR));
    const quiet = Math.max(...all.map((followed) => followed.quiet()));
    const gateways = await containersOf('gateway');
    const connections = await Promise.all(gateways.map((id) => docker('exec', id, 'node', '-e', COUNT)));
    if (connections.some((count) => Number(count) === 0))
      throw new Error(`One gateway has nobody: ${connections}.`);
    await load.stop();
    await eventually(load.counted, (count) => count === load.acknowledged);
    await compareWithFresh(all);
    return [
      `${CLIENTS} clients by WebSocket and ${CLIENTS} by polling, at two gateways (${connections.join(' and ')}): ` +
        `${load.acknowledged} events, every client as a fresh one; longest time without news ${quiet} ms`,
    ];
  } finally {
    await load.stop();
    await audience.close();
  }
}
