import { DEMO_ID } from './names.ts';
import { poisson, type Random } from './seeded-random.ts';
import { HAPPENINGS, REPORTS } from './traffic.ts';

export interface DemoEvent {
  event: string;
  id: string;
  timestamp: number;
  key: string;
  properties: Record<string, string | number>;
}

const USERS = 4_000;
/** Longest stretch over which the rates count as constant, ms. */
const STEP = 250;
/** How often machines report, ms. */
const BEAT = 5_000;

/**
 * Events of the shop in [from, to), in time order. Ids are unique as long as stretches do not overlap. What happens to
 * the shop now and then, such as a deploy, is counted from `began`; all times epoch ms.
 */
export function shopEvents(random: Random, from: number, to: number, began = 0): DemoEvent[] {
  const events: DemoEvent[] = [];
  for (let start = from; start < to; start += STEP)
    addHappenings(events, random, start, Math.min(STEP, to - start), began);
  for (let time = Math.ceil(from / BEAT) * BEAT; time < to; time += BEAT)
    addReports(events, random, time, began);
  events.sort((a, b) => a.timestamp - b.timestamp);
  for (const [i, event] of events.entries()) event.id = `${DEMO_ID}${from.toString(36)}-${i.toString(36)}`;
  return events;
}

function addHappenings(
  events: DemoEvent[],
  random: Random,
  start: number,
  length: number,
  began: number,
): void {
  for (const { event, rate, make } of HAPPENINGS) {
    for (let n = poisson(random, (rate(start - began) * length) / 1_000); n > 0; n--) {
      const timestamp = start + Math.floor(random() * length);
      // Squared, so that some people are about much more than others.
      const user = `u_${Math.floor(USERS * random() ** 2)}`;
      const properties = { ...make(random, timestamp - began), user };
      events.push({ event, id: '', timestamp, key: user, properties });
    }
  }
}

function addReports(events: DemoEvent[], random: Random, timestamp: number, began: number): void {
  for (const { event, key, make } of REPORTS) {
    const properties = make(random, timestamp - began);
    if (properties !== null) events.push({ event, id: '', timestamp, key, properties });
  }
}
