import type { Environment } from '../host/environment.ts';

const EVERY = 30_000;
const GIVE_UP = 10_000;

/**
 * Measures how long the smallest request takes, now and from time to time. The first of a connection pays for its
 * setup, so a second follows at once and the lower one counts. Answers a function that ends it.
 */
export function measureRoundTrips(
  url: URL,
  env: Environment,
  measured: (roundTrip: number) => void,
): () => void {
  const target = new URL('live', url);
  let ended = false;
  let cancel = () => {};
  const once = async () => {
    const began = env.clock();
    // `no-cors`: only the time counts, and the answer may belong to another origin than the page.
    const signal = AbortSignal.timeout(GIVE_UP);
    const answer = await env.fetch(target, { mode: 'no-cors', cache: 'no-store', signal });
    await answer.arrayBuffer();
    return env.clock() - began;
  };
  const round = async () => {
    try {
      const trip = Math.min(await once(), await once());
      if (!ended) measured(trip);
    } catch {
      // No measurement is an answer too: the last one stands, and the link's state tells of the connection.
    }
    if (!ended) cancel = env.after(EVERY, () => void round());
  };
  void round();
  return () => {
    ended = true;
    cancel();
  };
}
