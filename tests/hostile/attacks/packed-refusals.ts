import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { Attack, Stage } from '../attack.ts';

const SIZE = 10_000_000;
/** Bytes of an answer to a refusal, whatever it was that is refused. */
const LONGEST_ANSWER = 1_000_000;

/** Bodies that are refused, or nearly all of whose events are: that must not cost more than accepting them. */
const BODIES: Record<string, () => string> = {
  'nested arrays': () => '['.repeat(SIZE),
  'nested arrays that close': () => `${'['.repeat(SIZE / 2)}${']'.repeat(SIZE / 2)}`,
  'nested objects': () => '{"a":'.repeat(SIZE / 5),
  'lines of brackets': () => '[\n'.repeat(SIZE / 2),
  'empty lines': () => '\n'.repeat(SIZE),
  commas: () => `[${','.repeat(SIZE)}]`,
  quotes: () => `{"event":"${'\\"'.repeat(SIZE / 2)}`,
  spaces: () => `{"event":${' '.repeat(SIZE)}`,
  'one long number': () => `{"event":"x","properties":{"n":${'9'.repeat(60_000)}}}\n`.repeat(150),
  'long ids, all refused': () =>
    Array.from({ length: 10_000 }, (_, i) => `{"id":"${`${i}`.padEnd(900, 'i')}"}`).join('\n'),
  'unknown fields of long names': () =>
    Array.from({ length: 1_000 }, () => `{"event":"x","${'f'.repeat(9_000)}":1}`).join('\n'),
  'events of one byte': () => '1\n'.repeat(SIZE / 2),
};
const PACKERS = {
  gzip: gzipSync,
  br: (text: string) => brotliCompressSync(text, { params: {} }),
  zstd: zstdCompressSync,
};

async function sendBody(
  stage: Stage,
  body: string,
  encoding: keyof typeof PACKERS,
  name: string,
): Promise<void> {
  const headers = { 'content-type': 'application/x-ndjson', 'content-encoding': encoding };
  const packed = PACKERS[encoding](body);
  const got = await stage.attacker.send({ method: 'POST', path: '/v1/events', headers, body: packed });
  if (got.text.length > LONGEST_ANSWER) stage.fault(`${name}: the answer has ${got.text.length} bytes.`);
}

/** A refusal takes time linear in the input, its answer is truncated, and it counts toward the sender's limits. */
export const packedRefusals: Attack = {
  name: 'packed refusals',
  what: 'a few kilobytes that unpack to ten megabytes of what is refused, and answers that repeat what was sent',
  async run(stage) {
    for (let round = 0; round < (stage.long ? 5 : 1); round++) {
      for (const [name, make] of Object.entries(BODIES)) {
        const body = make();
        await sendBody(stage, body, 'gzip', name);
        if (stage.long) await sendBody(stage, body, 'zstd', name);
        if (stage.long && round === 0) await sendBody(stage, body, 'br', name);
        await stage.attacker.send({ method: 'POST', path: '/v1/events', body: body.slice(0, 200_000) });
      }
    }
  },
};
