import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from '#client/index.ts';
import type { Workload } from '../crash/crash-workload.ts';

/** An answer of ingest to one request. */
export interface Answered {
  /** 0 where no answer came. */
  status: number;
  /** Of a problem; the fault's text where no answer came. */
  code: string | null;
  retryAfter: string | null;
}

/** Apps that send by the SDK, which retries with the same ids until an event is acknowledged as durable. */
export interface Apps {
  readonly acknowledged: ReadonlySet<string>;
  readonly answers: readonly Answered[];
  /** Ends the load; resolves when every event is acknowledged, and rejects where one was refused or dropped. */
  stop(): Promise<void>;
}

const EVERY = 200;

export function startApps(urls: readonly string[], { next }: Workload, count: number): Apps {
  const acknowledged = new Set<string>();
  const answers: Answered[] = [];
  const tracked: Promise<void>[] = [];
  let stopping = false;
  const clients = Array.from({ length: count }, (_, i) =>
    createClient({
      url: urls[i % urls.length]!,
      // `stop` reports what is refused or dropped.
      onError: () => {},
      environment: { fetch: (input, init) => post(input, init, answers) },
    }),
  );
  const run = async (client: (typeof clients)[number]): Promise<void> => {
    while (!stopping) {
      for (const { event, properties, id, key, timestamp } of next(Date.now()))
        tracked.push(
          client.track(event, properties, { id, key, timestamp }).then(() => void acknowledged.add(id)),
        );
      await wait(EVERY);
    }
  };
  const running = Promise.all(clients.map(run));
  return {
    acknowledged,
    answers,
    async stop() {
      stopping = true;
      await running;
      const outcomes = await Promise.allSettled(tracked);
      await Promise.all(clients.map((client) => client.close()));
      const refused = outcomes.find((outcome) => outcome.status === 'rejected');
      if (refused !== undefined) throw refused.reason;
    },
  };
}

/** Posts as the SDK does, but without its clock: ingest would shift the times that the naive count uses by the latency. */
async function post(
  input: string | URL | Request,
  init: RequestInit | undefined,
  answers: Answered[],
): Promise<Response> {
  const target = new URL(String(input));
  target.searchParams.delete('sent_at');
  try {
    const answer = await fetch(target, init);
    answers.push(await readAnswer(answer.clone()));
    return answer;
  } catch (error) {
    answers.push({ status: 0, code: String(error), retryAfter: null });
    throw error;
  }
}

export async function readAnswer(answer: Response): Promise<Answered> {
  const body = (await answer.json()) as { code?: string };
  return { status: answer.status, code: body.code ?? null, retryAfter: answer.headers.get('retry-after') };
}
