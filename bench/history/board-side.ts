/**
 * One who opens a board, as a process of its own, so that reading it costs neither the server nor who measures delays. Each message
 * opens all its views on a new connection and answers when each has its contents or a refusal; then they are closed.
 */

import type { ViewRequest } from '#client/index.ts';
import { createClient } from '#client/index.ts';

export interface Opening {
  /** From the first view asked for to the last one answered, ms. */
  ms: number;
  refused: number;
}

const [url] = process.argv.slice(2) as [string];

async function open(requests: readonly ViewRequest[]): Promise<Opening> {
  const client = createClient({ url, transports: ['websocket'], onError: () => {} });
  const begun = performance.now();
  const answers = requests.map(
    (request) =>
      new Promise<boolean>((resolve) => {
        client.subscribe(request, { onChange: () => resolve(true), onRefused: () => resolve(false) });
      }),
  );
  const shown = await Promise.all(answers);
  const ms = Math.round(performance.now() - begun);
  await client.close();
  return { ms, refused: shown.filter((isShown) => !isShown).length };
}

process.on('message', (requests: ViewRequest[]) => {
  void open(requests).then((opening) => process.send!(opening));
});
process.on('disconnect', () => process.exit());
