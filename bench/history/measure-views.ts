import { createClient } from '#client/index.ts';
import { rounded, spreadOf } from '../median-of.ts';
import { askBySocket, askOverHttp, type Question, type Reply } from './ask-views.ts';
import type { MeasuredProcess } from './measured-process.ts';

export interface Rounds {
  /** Processes, each of which is asked once cold. */
  cold: number;
  /** Times that each is asked again over HTTP and by a socket. */
  warm: number;
}

interface Asked {
  cold: Reply[];
  warm: Reply[];
  socket: Reply[];
}

/** ms after which a view that takes long is not asked again in the same way. */
const ENOUGH = 20_000;

export type ViewRow = Awaited<ReturnType<typeof measureView>>;

/**
 * Asks for one view: in each round of a process that has just started, which answers nothing before it, by HTTP and by a socket in turn
 * (`cold`), and then again over HTTP (`warm`) and by sockets (`socket`). A refusal is an answer, and `answer` its code.
 */
export async function measureView(
  question: Question,
  { cold, warm }: Rounds,
  start: () => Promise<MeasuredProcess>,
) {
  const asked: Asked = { cold: [], warm: [], socket: [] };
  const cost = { holdMs: 0, delayMs: 0, growthMB: 0 };
  for (let round = 0; round < cold; round++) {
    const millrace = await start();
    try {
      await askInTurn(millrace.url, question, { asked, bySocket: round % 2 === 1, warm });
      const spent = await millrace.cost();
      for (const name of ['holdMs', 'delayMs', 'growthMB'] as const)
        cost[name] = Math.max(cost[name], spent[name]);
    } finally {
      await millrace.stop();
    }
    if (asked.cold.at(-1)!.code === 'no_answer') break;
  }
  const best = asked.warm.findLast(({ code }) => code === 'ok') ?? asked.cold.at(-1)!;
  return {
    ...question,
    answer: best.code,
    windows: best.windows,
    values: best.values,
    coldMs: timesOf(asked.cold),
    warmMs: timesOf(asked.warm),
    socketMs: timesOf(asked.socket),
    ...cost,
  };
}

async function askInTurn(
  url: string,
  question: Question,
  { asked, bySocket, warm }: { asked: Asked; bySocket: boolean; warm: number },
): Promise<void> {
  const client = createClient({ url, transports: ['websocket'], onError: () => {} });
  try {
    await connected(client);
    asked.cold.push(await (bySocket ? askBySocket(client, question) : askOverHttp(url, question)));
    if (asked.cold.at(-1)!.code === 'no_answer') return;
    // Not in turn: an open subscription would keep the view for the request after it.
    for (const [kept, ask] of [
      [asked.warm, () => askOverHttp(url, question)],
      [asked.socket, () => askBySocket(client, question)],
    ] as const) {
      const begun = performance.now();
      for (let i = 0; i < warm && performance.now() - begun < ENOUGH; i++) kept.push(await ask());
    }
  } finally {
    await client.close();
  }
}

/** A connection opens with the first thing that needs it. */
const connected = (client: ReturnType<typeof createClient>): Promise<void> =>
  new Promise((resolve) => {
    const leave = client.onHeartbeat(() => {
      leave();
      resolve();
    });
  });

const timesOf = (replies: readonly Reply[]) =>
  replies.length === 0 ? null : spreadOf(replies.map(({ ms }) => rounded(ms)));
