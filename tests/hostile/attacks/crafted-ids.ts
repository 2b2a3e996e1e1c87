import type { Attack, Stage } from '../attack.ts';
import { defineMetric } from './define.ts';

const KEY = 'aimed';
/** Slots of a table that holds all of them, and the share of it that is aimed at. */
const SLOTS = 2 ** 18;
const AIMED_AT = SLOTS / 64;

/** One lane of a hash of two multiplications with fixed seeds (cyrb53), as ids had one once. */
function firstLane(text: string): number {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i) === 0 ? 0x10000 : text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    b = Math.imul(b ^ unit, 0x5f356495);
  }
  return (Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35)) >>> 0;
}

type Make = (i: number) => string;

/** Ids whose first lane falls into a small part of a table, so that they cluster there. */
function* aimedIds(): Generator<string> {
  for (let i = 0; ; i++) {
    const id = `a${i.toString(36)}`;
    if ((firstLane(`${KEY}\0${id}`) & (SLOTS - 1)) < AIMED_AT) yield id;
  }
}

/** Texts that are numbers have hashes of their own in the engine: these share their low bits. */
const numericId: Make = (i) => String(i * 4_096);
/** They differ in the high half of one character alone, which does not affect the low bits of a product. */
const highBits: Make = (i) =>
  String.fromCharCode(
    0x61 + ((i % 200) << 8),
    0x61 + ((Math.floor(i / 200) % 200) << 8),
    0x4e61 + ((Math.floor(i / 40_000) % 80) << 8),
  );

async function send(stage: Stage, ids: readonly string[], properties: (i: number) => object): Promise<void> {
  const events = ids.map((id, i) => ({ event: 'aimed', id, key: KEY, properties: properties(i) }));
  await stage.attacker.post(events, 10_000);
}

const take = (count: number, make: Make): string[] => Array.from({ length: count }, (_, i) => make(i));

/** No sender can choose texts that share a slot; and where texts do, a lookup takes a bounded number of steps. */
export const craftedIds: Attack = {
  name: 'crafted ids',
  what: 'ids, keys, groups and names of properties that aim at one place of a hash table',
  async setUp(stage) {
    await defineMetric(stage, 'aimed', {
      event: 'aimed',
      aggregate: 'distinct(name)',
      groupBy: ['group'],
      window: '10s',
    });
  },
  async run(stage) {
    const count = stage.long ? 100_000 : 60_000;
    const aimed: string[] = [];
    for (const id of aimedIds()) if (aimed.push(id) >= count) break;
    await send(stage, aimed, () => ({}));
    await send(stage, take(count / 4, numericId), (i) => ({
      group: String((i % 4_000) * 4_096),
      name: String(i * 4_096),
    }));
    await send(stage, take(count / 4, highBits), (i) => ({ group: highBits(i % 3_000), name: highBits(i) }));
    const named = take(stage.long ? 2_000 : 300, (i) => `named${i}`);
    await send(stage, named, () =>
      Object.fromEntries(take(200, (p) => [`p${p * 4_096}`].join()).map((p) => [p, 1])),
    );
  },
};
