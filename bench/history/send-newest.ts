import { setTimeout as sleep } from 'node:timers/promises';
import { drain } from '../chain-figures.ts';
import { DAY, type History } from './archive-rows.ts';
import { visit } from './visits.ts';

const BATCH = 5_000;
const STORED_WITHIN = 120_000;
/** The process renews its figures once a second. */
const RENEWED = 1_200;

/** Sends the visits from the end of the history up to now, at its rate and in the order of time, and waits until they are stored. Returns the new end. */
export async function sendNewest(url: string, { events, days, end }: History): Promise<number> {
  const every = (days * DAY) / events;
  const now = Date.now();
  const count = Math.floor((now - end) / every);
  for (let from = 0; from < count; from += BATCH) {
    const lines = Array.from({ length: Math.min(BATCH, count - from) }, (_, i) =>
      JSON.stringify(visit(from + i, Math.floor(end + (from + i + 1) * every))),
    );
    const headers = { 'content-type': 'application/x-ndjson' };
    const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers, body: lines.join('\n') });
    if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  }
  for (let i = 0; i < 2; i++) {
    await sleep(RENEWED);
    if ((await drain(url, STORED_WITHIN)) === null) throw new Error('The visits are not stored in time.');
  }
  return now;
}
