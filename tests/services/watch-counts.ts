import { createClient } from '#client/index.ts';
import { emptyContents } from '#contracts/view/frame.ts';
import type { HandCount } from './count-by-hand.ts';
import type { Followed } from './followers.ts';
import { countsOf, judgeCounts } from './judge-counts.ts';

/** A client that follows a count by shop, second by second, and judges every value that it is given. */
export interface CountWatch extends Followed {
  /** What no client may be shown: a count that went back, or one above what had been sent by then. */
  readonly wrong: readonly string[];
  /** Of all that is shown. */
  total(): number;
}

export interface WatchOptions {
  url: string;
  transport: 'websocket' | 'polling';
  /** A count by shop, whose lateness is longer than the test. */
  metric: string;
  hand: HandCount;
}

/** Resolves with the first contents. */
export function watchCounts({ url, transport, metric, hand }: WatchOptions): Promise<CountWatch> {
  const request = { metric, window: '1s', range: '10m' };
  const name = `${transport} at ${url}`;
  const client = createClient({ url, transports: [transport] });
  const wrong: string[] = [];
  const held = new Map<string, number>();
  let contents = emptyContents();
  let asOf = 0;
  let last = Date.now();
  let longest = 0;
  const look = (): void => {
    if ((contents.asOf ?? 0) <= asOf) return;
    asOf = contents.asOf!;
    longest = Math.max(longest, Date.now() - last);
    last = Date.now();
  };
  return new Promise((resolve, reject) => {
    client.onHeartbeat(look);
    client.subscribe(request, {
      onChange(shared) {
        contents = shared;
        look();
        wrong.push(...judgeCounts(contents, held, hand));
        resolve(watch);
      },
      onRefused: (refusal) => refusal.retry || reject(new Error(`${name}: ${refusal.message}`)),
    });
    const watch: CountWatch = {
      ...{ name, url, request, wrong },
      get contents() {
        return contents;
      },
      total: () => [...countsOf(contents).values()].reduce((sum, count) => sum + count, 0),
      quiet: () => Math.max(longest, Date.now() - last),
      measure() {
        longest = 0;
        last = Date.now();
      },
      close: () => void client.close(),
    };
  });
}
