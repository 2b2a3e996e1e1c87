/**
 * The honest client and the probe, in a process of their own, so that neither the attack nor what it costs to make one
 * shows in their figures. Orders come one at a time and each has one answer.
 */
import { answerOrders } from '../testing/answer-orders.ts';
import { type HonestClient, type HonestFigures, startHonestClient } from './honest-client.ts';
import { NOTHING_SEEN, type Probe, type ProbeFigures, startProbe } from './probe.ts';

export type WatchOrder =
  | { do: 'watch'; url: string; pid: number; key: string | null; honest: boolean; run: string }
  | { do: 'read' }
  | { do: 'finish'; within: number }
  | { do: 'close' };

export interface Watched {
  probe: ProbeFigures;
  honest: HonestFigures | null;
}

let probe: Probe | null = null;
let honest: HonestClient | null = null;

async function obey(order: WatchOrder): Promise<object> {
  if (order.do === 'watch') {
    probe = startProbe(order.url, order.pid);
    honest = order.honest ? startHonestClient(order.url, order.key, order.run) : null;
    return {};
  }
  if (order.do === 'close') {
    probe?.stop();
    await honest?.close();
    return {};
  }
  const seen = order.do === 'finish' ? await honest?.finish(order.within) : honest?.read();
  return { probe: probe?.read() ?? NOTHING_SEEN, honest: seen ?? null };
}

answerOrders(obey);
