import type { ArchiveRow } from '#contracts/log/rows.ts';
import { createRandom, type Random } from '../../../embedded/demo/traffic/seeded-random.ts';
import { periodHolding } from './local-periods.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Moments at which clocks change, and one at which February has a day more. */
export const CHANGES = [
  { zone: 'Europe/Berlin', at: Date.parse('2026-03-29T01:00:00Z') },
  { zone: 'Australia/Lord_Howe', at: Date.parse('2026-04-04T15:00:00Z') },
  { zone: 'Europe/Berlin', at: Date.parse('2026-10-25T01:00:00Z') },
  { zone: 'Australia/Lord_Howe', at: Date.parse('2026-10-03T15:30:00Z') },
  { zone: 'Asia/Kathmandu', at: Date.parse('2028-02-28T18:15:00Z') },
  { zone: 'America/New_York', at: Date.parse('2026-11-01T06:00:00Z') },
] as const;

export interface Properties {
  c?: string | null;
  p?: string;
  x?: number | string;
  u?: string;
}

export interface HistoryEvent {
  row: ArchiveRow;
  properties: Properties;
}

/** What of a partition of the Log a metric version has: offsets as in the facts of a commit row. */
export interface Source {
  partition: number;
  /** Live from here on; what is below was filled in. */
  activation: number;
  end: number;
  /** Below these, imported events and late ones were added. */
  imports: number;
  late: number;
}

/** Events around a change of clocks, in the archive of three partitions. */
export interface World {
  seed: number;
  /** Tells its metrics and its partitions from those of other worlds in the same Store. */
  number: number;
  zone: string;
  center: number;
  /** Cap of named groups of a pane (rule 6). */
  cap: number;
  events: HistoryEvent[];
  sources: Source[];
  random: Random;
}

export const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

interface Size {
  events: number;
  /** Events of different users within an hour: `distinct` changes its form. */
  crowd: number;
}

const FULL: Size = { events: 900, crowd: 2_500 };

/** `number`: which of the changes; the rest follows from the seed. */
export function createWorld(seed: number, number: number, { events: count, crowd }: Size = FULL): World {
  const random = createRandom(seed);
  const { zone, at: center } = CHANGES[number % CHANGES.length]!;
  const timeOf = createTimes(random, zone, center);
  const sources: Source[] = [];
  const events: HistoryEvent[] = [];
  const total = count + crowd;
  for (let i = 0; i < 3; i++) {
    const partition = number * 10 + i;
    const own: HistoryEvent[] = [];
    let offset = 0;
    while (own.length < total / 3) {
      const imported = random() < 0.2;
      const size = 1 + Math.floor(random() * 12);
      for (let index = 0; index < size; index++) {
        const isCrowd = random() * total < crowd;
        const ts = isCrowd ? Math.floor(center + (random() - 0.3) * HOUR) : timeOf();
        const user = isCrowd ? `user ${Math.floor(random() * 20_000)}` : `u${Math.floor(random() * 60)}`;
        own.push(eventAt({ random, partition, offset, index, ts, imported, user }));
      }
      offset++;
    }
    const activation = i === 2 ? 0 : Math.floor(offset * (0.2 + random() * 0.5));
    const imports = i === 1 ? Math.floor(offset / 2) : offset;
    sources.push({ partition, activation, end: offset, imports, late: random() < 0.5 ? offset : 0 });
    events.push(...own);
  }
  const cap = number % 2 === 1 ? 3 : 1_000;
  return { seed, number, zone, center, cap, events, sources, random };
}

/** Times at and beside borders of every kind, clustered about the change; some hours have no event. */
function createTimes(random: Random, zone: string, center: number): () => number {
  const units = ['day', 'week', 'month'] as const;
  const far = units.flatMap((unit) => {
    const { start, end } = periodHolding(unit, zone, center);
    return [start, end];
  });
  const beside = (time: number): number => time + pick(random, [-1, 0, 0, 0, 1]);
  return () => {
    const share = random();
    if (share < 0.3) return beside(center + Math.floor((random() - 0.5) * 200) * 15 * MINUTE);
    if (share < 0.4) return beside(pick(random, far) + pick(random, [0, 0, HOUR, -HOUR / 2]));
    if (share < 0.5) return beside(center);
    if (share < 0.6) return Math.floor(center + (random() - 0.5) * 4 * MINUTE);
    const time = Math.floor(center + (random() - 0.5) * 60 * HOUR);
    const hour = Math.floor(time / HOUR);
    return hour % 5 === 2 ? hour * HOUR - 1 : time;
  };
}

interface Place extends Pick<ArchiveRow, 'offset' | 'index' | 'ts' | 'imported'> {
  random: Random;
  partition: number;
  user: string;
}

function eventAt({ random, partition, user, ...place }: Place): HistoryEvent {
  const properties: Properties = {
    ...pick<Properties>(random, [{ c: 'DE' }, { c: 'DE' }, { c: 'FR' }, { c: "it's" }, { c: '日本' }, {}]),
    ...(random() < 0.06 ? { c: pick(random, [null, '__other__', '']) } : {}),
    ...pick<Properties>(random, [{ p: 'pro' }, { p: 'team' }, { p: '' }, {}]),
    // Quarters, so that sums are exact in any order.
    ...(random() < 0.92 ? { x: (Math.floor(random() * 8_000) - 3_000) / 4 } : { x: 'none' }),
    ...(random() < 0.95 ? { u: user } : {}),
  };
  const watermark = pick(random, [null, null, 0, 1, 59_999, 60_000, 3_600_000]);
  const row: ArchiveRow = {
    ...place,
    part: partition,
    block: `${partition}/${place.offset}`,
    received: place.ts + 5,
    watermark: watermark === null ? null : place.ts + watermark,
    id: null,
    key: pick(random, ['k1', 'k1', 'k2', null]),
    event: random() < 0.85 ? 'order' : 'visit',
    properties: JSON.stringify(properties),
  };
  return { row, properties };
}
