import { createDelays } from '../tests/testing/delays.ts';

const BATCHES_PER_SECOND = 20;
const COUNTRIES = ['DE', 'FR', 'US', 'JP', 'BR'];

async function post(url: string, lines: readonly object[]): Promise<void> {
  const headers = { 'content-type': 'application/x-ndjson' };
  const body = lines.map((line) => JSON.stringify(line)).join('\n');
  const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
}

/** Calls `work` about `perSecond` times a second at irregular intervals, one call at a time; the first failure ends it. */
function repeat(perSecond: number, work: () => Promise<void>): { stop(): Promise<void> } {
  let stopping = false;
  const run = async (): Promise<void> => {
    for (let due = performance.now(); !stopping; ) {
      await work();
      // Irregular, so that it does not resonate with a tick of the pipeline; later calls catch up on a late one.
      due += ((0.5 + Math.random()) * 1_000) / perSecond;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    }
  };
  const running = run();
  return {
    stop: () => {
      stopping = true;
      return running;
    },
  };
}

/** Single events, each its own request, with the time until its answer. */
export function startClicks(url: string, perSecond: number) {
  const delays = createDelays();
  const sending = repeat(perSecond, async () => {
    const begun = performance.now();
    await post(url, [{ event: 'click' }]);
    delays.add(performance.now() - begun);
  });
  return {
    async stop() {
      await sending.stop();
      return delays;
    },
  };
}

/** The ids of each run differ. */
const viewsOf =
  (run: number) =>
  (i: number): object => ({
    event: 'view',
    id: `v${i}-${run}`,
    key: `u_${i % 5_000}`,
    properties: { country: COUNTRIES[i % 5], latency_ms: 5 + (i % 400) / 7 },
  });

/** Sends events in small batches, like many apps at once; none for a rate of 0. `make` gives the i-th event. */
export function startBackground(url: string, perSecond: number, make = viewsOf(performance.now())) {
  const begun = performance.now();
  let sent = 0;
  const size = Math.round(perSecond / BATCHES_PER_SECOND);
  const batch = (): object[] => Array.from({ length: size }, (_, i) => make(sent + i));
  const sending =
    size === 0
      ? null
      : repeat(BATCHES_PER_SECOND, async () => {
          await post(url, batch());
          sent += size;
        });
  return {
    async stop() {
      await sending?.stop();
      return { perSecond: (sent * 1_000) / (performance.now() - begun) };
    },
  };
}
