import type { Client, ViewContents, ViewSubscription } from '#client/index.ts';
import { metricOf } from './visits.ts';

/** A view of a metric of the history. */
export interface Question {
  groups: number;
  range: string;
  window: string;
}

export interface Reply {
  ms: number;
  /** `ok`, the code of a refusal, or `no_answer` in time. */
  code: string;
  /** Windows and values that were shown. */
  windows: number;
  values: number;
}

/** How long an answer is waited for, ms. */
export const PATIENCE = 120_000;

/** Asks over HTTP; reading the answer's bytes is part of the time, understanding them is not. */
export async function askOverHttp(url: string, { groups, ...query }: Question): Promise<Reply> {
  const begun = performance.now();
  const address = `${url}/v1/metrics/${metricOf(groups)}/series?${new URLSearchParams(query)}`;
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE) });
    const text = await answer.text();
    const ms = performance.now() - begun;
    const said = JSON.parse(text) as { code?: string; panes?: number[]; series?: unknown[] };
    const windows = said.panes?.length ?? 0;
    return { ms, code: said.code ?? 'ok', windows, values: windows * (said.series?.length ?? 0) };
  } catch {
    return { ms: performance.now() - begun, code: 'no_answer', windows: 0, values: 0 };
  }
}

/** Asks by a subscription on a connection that is open, until the client holds the view's contents; the view is closed again. */
export async function askBySocket(client: Client, { groups, range, window }: Question): Promise<Reply> {
  const begun = performance.now();
  const replied = Promise.withResolvers<Omit<Reply, 'ms'>>();
  const refused = (code: string): void => replied.resolve({ code, windows: 0, values: 0 });
  const overdue = setTimeout(refused, PATIENCE, 'no_answer');
  let subscription: ViewSubscription | null = null;
  try {
    subscription = client.subscribe(
      { metric: metricOf(groups), range, window },
      {
        onChange: (contents) => replied.resolve({ code: 'ok', ...sizeOf(contents) }),
        onRefused: ({ code }) => refused(code),
      },
    );
    return { ...(await replied.promise), ms: performance.now() - begun };
  } finally {
    clearTimeout(overdue);
    subscription?.close();
  }
}

function sizeOf({ series }: ViewContents): Pick<Reply, 'windows' | 'values'> {
  const sizes = [...series.values()].map(({ cells }) => cells.size);
  return { windows: Math.max(0, ...sizes), values: sizes.reduce((sum, size) => sum + size, 0) };
}
