import { createClient } from '#client/index.ts';
import { createDelays } from '../testing/delays.ts';
import { HONEST_EVENT, HONEST_METRIC } from './honest-metric.ts';

/** Figures of an ordinary sender and viewer. */
export interface HonestFigures {
  /** Events sent, and of them those that were acknowledged. */
  sent: number;
  acknowledged: number;
  /** What the open view counts. */
  seen: number;
  /** Answers that say not to retry, by code: the sender loses these events. */
  refused: Record<string, number>;
  /** Tries that did not succeed and were made again, by code or `no answer`. */
  repeated: Record<string, number>;
  /** Times that the connection was lost, and that the view was refused or ended, by code. */
  reconnects: number;
  viewRefusals: Record<string, number>;
  /** From the post of an event to the frame that counts it, ms. */
  delay: { count: number; p50: number | null; p99: number | null; most: number | null };
}

export interface HonestClient {
  /** Resets the delays; totals continue. */
  read(): HonestFigures;
  /** Sends nothing more, and waits at most `within` ms for the acknowledgements and for the view to show them all. */
  finish(within: number): Promise<HonestFigures>;
  close(): Promise<void>;
}

const EVERY = 50;
const ANSWER_WITHIN = 20_000;
const POLL = 20;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const count = (counts: Record<string, number>, name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1;
};

/** Posts single events with ids, one after another, and watches a view that counts them. */
export function startHonestClient(url: string, key: string | null, run: string): HonestClient {
  const delays = createDelays();
  const totals = { sent: 0, acknowledged: 0, seen: 0, reconnects: 0 };
  const refused: Record<string, number> = {};
  const repeated: Record<string, number> = {};
  const viewRefusals: Record<string, number> = {};
  const posted: number[] = [];
  let stopping = false;
  let given = false;

  const client = createClient({ url, ...(key === null ? {} : { key }), onError: () => {} });
  let wasLive = false;
  client.onConnectionChange(({ state }) => {
    if (wasLive && state === 'reconnecting') totals.reconnects++;
    wasLive = state === 'live';
  });
  client.subscribe(
    { metric: HONEST_METRIC, window: '1m', range: '30m' },
    {
      onChange(contents) {
        let seen = 0;
        for (const { cells } of contents.series.values())
          for (const [value] of cells.values()) seen += value ?? 0;
        for (let i = totals.seen; i < Math.min(seen, posted.length); i++)
          delays.add(performance.now() - posted[i]!);
        totals.seen = seen;
      },
      onRefused: ({ code }) => count(viewRefusals, code),
    },
  );
  const post = postEvents({ url, key, run, repeated, until: () => given });
  const posting = (async () => {
    while (!stopping) {
      posted.push(performance.now());
      const outcome = await post(totals.sent++);
      if (outcome === 'acknowledged') totals.acknowledged++;
      else if (outcome !== null) count(refused, outcome);
      await sleep(EVERY);
    }
  })();
  const read = (): HonestFigures => {
    const delay = delays.summary();
    delays.clear();
    return { ...totals, refused, repeated, viewRefusals, delay };
  };
  return {
    read,
    async finish(within) {
      stopping = true;
      const end = performance.now() + within;
      await Promise.race([posting, sleep(within)]);
      given = true;
      while (totals.seen !== totals.acknowledged && performance.now() < end) await sleep(POLL);
      return read();
    },
    async close() {
      stopping = true;
      given = true;
      await client.close();
    },
  };
}

interface Posting {
  url: string;
  key: string | null;
  /** Distinguishes the ids of this run from those of others. */
  run: string;
  repeated: Record<string, number>;
  /** Whether the sender has given up. */
  until(): boolean;
}

/** Returns `acknowledged`, the code of a refusal that is final, or null where it was given up without an answer. */
function postEvents({ url, key, run, repeated, until }: Posting) {
  const headers = {
    'content-type': 'application/json',
    ...(key === null ? {} : { authorization: `Bearer ${key}` }),
  };
  const once = async (n: number): Promise<{ code: string; again: number | null }> => {
    const body = JSON.stringify({ event: HONEST_EVENT, id: `${run}-${n}`, key: `k${n % 8}` });
    const signal = AbortSignal.timeout(ANSWER_WITHIN);
    const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers, body, signal });
    const said = (await answer.json()) as { code?: string; retry?: boolean };
    if (answer.status === 200) return { code: 'acknowledged', again: null };
    const after = Number(answer.headers.get('retry-after') ?? 1) * 1_000;
    const code = said.code ?? String(answer.status);
    return { code, again: said.retry || answer.status === 429 || answer.status >= 500 ? after : null };
  };
  return async (n: number): Promise<string | null> => {
    for (;;) {
      const { code, again } = await once(n).catch(() => ({ code: 'no answer', again: 100 }));
      if (again === null) return code;
      count(repeated, code);
      if (until()) return null;
      await sleep(again);
    }
  };
}
