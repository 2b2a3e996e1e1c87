import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { postBatch } from '../testing/post-batch.ts';
import { useMillrace } from './use-millrace.ts';

const millrace = useMillrace();
const BATCHES = 12;
const EVENTS = 1_000;
const NAMES = 30;
/** Log, engine and sockets at rest have about 100. */
const MOST_DESCRIPTORS = 400;

it('hundreds of thousands of property names: all archived, few descriptors, and it stops', async () => {
  const { url, pid, stop } = await millrace.start();
  let most = 0;
  const look = setInterval(() => {
    most = Math.max(most, readdirSync(`/proc/${pid}/fd`).length);
  }, 50);
  try {
    for (let batch = 0; batch < BATCHES; batch++) {
      const events = Array.from({ length: EVENTS }, (_, i) => ({
        event: 'hostile',
        properties: Object.fromEntries(
          Array.from({ length: NAMES }, (_, n) => [
            `name_${batch}_${i}_${n}`,
            n % 2 === 0 ? n : 'x'.repeat(40),
          ]),
        ),
      }));
      expect(await postBatch(url, events, 30_000)).toBe(true);
    }
    const waiting = async () => {
      const text = await (await fetch(`${url}/metrics`)).text();
      const read = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
      return [
        read('millrace_aggregator_events_total\\{outcome="folded"\\}'),
        read('millrace_aggregator_pending_rows'),
      ].join();
    };
    await eventually(waiting, (text) => text === `${BATCHES * EVENTS},0`, 60_000);
  } finally {
    clearInterval(look);
  }
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThan(MOST_DESCRIPTORS);
  expect(await stop()).toBe(0);
}, 180_000);
