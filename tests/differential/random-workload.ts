import { createRandom, type Random } from '../../embedded/demo/traffic/seeded-random.ts';
import { EVENT_NAMES, randomAge, randomProperties } from './random-event.ts';

export interface Workload {
  /** Lines of one request: JSON texts of events, some of them sent before, here or earlier. */
  request(now: number): string[];
  /** One record as a foreign producer would write it: events and lines that are none. */
  foreignRecord(now: number): string[];
  /** Enough different users in one pane for `distinct` to change its form. */
  crowd(now: number): string[];
  random: Random;
}

const REPEATS = 0.15;
const BAD_LINES = ['nonsense', '[1]', '{"event":"order","amount":1}', '{"event":7}', '{"properties":{}}', ''];

/** Seeded but for the clock, which the caller gives: events lie about now, as a live pipeline takes them. */
export function createWorkload(seed: number): Workload {
  const random = createRandom(seed);
  const sent: string[] = [];
  let ids = 0;
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

  const fresh = (now: number): string => {
    const when = Math.floor(now - randomAge(random));
    const time = pick([`${when}`, `"${new Date(when).toISOString()}"`, `${when}000`, null]);
    const id = random() < 0.7 ? `e${ids++}` : null;
    const event = random() < 0.5 ? 'order' : pick(EVENT_NAMES);
    const parts = [
      `"event":${JSON.stringify(event)}`,
      ...(id === null ? [] : [`"id":"${id}"`]),
      ...(random() < 0.7 ? [`"key":"k${Math.floor(random() * 20)}"`] : []),
      ...(time === null ? [] : [`"timestamp":${time}`]),
      ...(random() < 0.95 ? [`"properties":${randomProperties(random)}`] : []),
    ];
    const line = `{${parts.join(',')}}`;
    if (id !== null) sent.push(line);
    return line;
  };
  /** A retry, or another event under an id that is taken: the first copy counts. */
  const repeat = (now: number): string => {
    const line = pick(sent);
    return random() < 0.7 ? line : line.replace(/"timestamp":[^,}]+/, `"timestamp":${Math.floor(now)}`);
  };
  const lines = (now: number, most: number): string[] =>
    Array.from({ length: 1 + Math.floor(random() * most) }, () =>
      sent.length > 0 && random() < REPEATS ? repeat(now) : fresh(now),
    );
  return {
    random,
    request: (now) => lines(now, 60),
    foreignRecord: (now) =>
      lines(now, 8).flatMap((line) => (random() < 0.2 ? [pick(BAD_LINES), line] : [line])),
    crowd: (now) =>
      Array.from({ length: 1_800 }, (_, i) => {
        const properties = JSON.stringify({ d: `user ${i % 1_500}`, shop: 'crowd', x: i });
        return `{"event":"order","key":"crowd","timestamp":${Math.floor(now)},"properties":${properties}}`;
      }),
  };
}
