import { gzipSync } from 'node:zlib';
import type { Attack, Stage } from '../attack.ts';
import { defineMetric } from './define.ts';

const LONG = 60_000;
/** Of one body: less than a request may hold when it is unpacked. */
const PER_BODY = 150;

/** Texts that pack well: little on the wire, much in memory. */
const longText = (i: number, length: number): string => `${i}-`.padEnd(length, 'x');

async function sendPacked(stage: Stage, count: number, make: (i: number) => object): Promise<void> {
  const headers = { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' };
  for (let from = 0; from < count && !stage.over.aborted; from += PER_BODY) {
    const lines = Array.from({ length: Math.min(PER_BODY, count - from) }, (_, i) =>
      JSON.stringify(make(from + i)),
    );
    await stage.attacker.send({
      method: 'POST',
      path: '/v1/events',
      headers,
      body: gzipSync(lines.join('\n')),
    });
  }
}

/** What is held for groups, ids and states is bounded by bytes, not by how many there are. */
export const longGroups: Attack = {
  name: 'long groups',
  what: 'values of dimensions as long as an event may be, packed to a hundredth on the wire; and a start after it',
  async setUp(stage) {
    for (const [id, aggregate] of [
      ['long', 'count'],
      ['long_sum', 'sum(n)'],
      ['long_distinct', 'distinct(group)'],
    ] as const)
      await defineMetric(stage, id, {
        event: 'long',
        aggregate,
        groupBy: ['group'],
        window: '10s',
        lateness: '1h',
      });
    await defineMetric(stage, 'long_many', {
      event: 'long',
      aggregate: 'count',
      groupBy: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'],
      window: '1s',
    });
  },
  async run(stage) {
    const count = stage.long ? 3_000 : 1_200;
    await sendPacked(stage, count, (i) => ({
      event: 'long',
      properties: { group: longText(i, LONG), n: 1 },
    }));
    await sendPacked(stage, count / 2, (i) => ({
      event: 'long',
      properties: Object.fromEntries([...'abcdefgh'].map((name) => [name, longText(i, LONG / 8)])),
    }));
    await sendPacked(stage, count / 4, (i) => ({
      event: longText(i, 200),
      id: longText(i, 200),
      key: longText(i, 200),
      properties: { [longText(i, 200)]: longText(i, LONG / 2) },
    }));
  },
};
