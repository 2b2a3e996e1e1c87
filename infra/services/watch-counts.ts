import { createClient } from '#client/index.ts';
import { emptyContents, type ViewContents } from '#contracts/frame.ts';
import type { Followed } from './audience.ts';
import type { HandCount } from './count-by-hand.ts';

/** A client that follows a count by shop, second by second, and judges every value that it is given. */
export interface CountWatch extends Followed {
  /** What no client may be shown: a count that went back, or one above what had been sent by then. */
  readonly wrong: readonly string[];
  /** Of all that is shown. */
  total(): number;
  /** ms between two changes, the longest such time since `measure`; up to now where none has come. */
  quiet(): number;
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
  let last = Date.now();
  let longest = 0;
  return new Promise((resolve, reject) => {
    client.subscribe(request, {
      onChange(shared) {
        const now = Date.now();
        longest = Math.max(longest, now - last);
        last = now;
        contents = shared;
        wrong.push(...judge(contents, held, hand));
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

/** What is wrong with the counts shown now, beside those shown before: `held`, which takes them. */
function judge(contents: ViewContents, held: Map<string, number>, hand: HandCount): string[] {
  const shown = countsOf(contents);
  const wrong: string[] = [];
  for (const [cell, count] of held) {
    const [, window] = split(cell);
    const now = shown.get(cell) ?? 0;
    if (window >= contents.start && now < count) wrong.push(`${cell} went from ${count} back to ${now}`);
  }
  for (const [cell, count] of shown) {
    const most = hand.sent(...split(cell));
    if (count > most) wrong.push(`${cell} shows ${count} of ${most} sent`);
    held.set(cell, count);
  }
  return wrong;
}

/** `shop|window` → count. */
const countsOf = ({ series }: ViewContents): Map<string, number> =>
  new Map(
    [...series.values()].flatMap(({ group, cells }) =>
      [...cells].map(([window, [count]]) => [`${group.join()}|${window}`, count ?? 0] as const),
    ),
  );

function split(cell: string): [shop: string, window: number] {
  const [shop, window] = cell.split('|');
  return [shop!, Number(window)];
}
