import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordOf, SPECS } from '../log-harness.conformance.ts';
import { writtenEnd } from '../testing/written-end.ts';
import { openLmdbLog } from './lmdb-log.ts';

const READER = fileURLToPath(new URL('../testing/read-whole-log.ts', import.meta.url));
const RECORDS = 60;

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-log-'));
  file = join(folder, 'data.mdb');
  const log = await openLmdbLog({ folder });
  await log.ensureTopics(SPECS);
  // Of one page and of many, one commit each.
  for (let i = 0; i < RECORDS; i++) await log.append('events', 0, [recordOf(`${i}${'.'.repeat(i * 300)}`)]);
  await log.close();
});
afterEach(() => rm(folder, { recursive: true }));

/** Opens and reads everything in a process of its own, since what goes wrong may be a crash: `60`, or a code. */
async function read(): Promise<string> {
  const child = spawn(process.execPath, [READER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const [code, signal] = await once(child, 'close');
  return code === 0 ? output : `ended with ${code ?? signal}`;
}

describe('a damaged file of the log', () => {
  it('is whole with what an unfinished transaction left behind its end', async () => {
    await appendFile(file, Buffer.alloc(9_999, 0xa5));
    expect(await read()).toBe(`${RECORDS}`);
  });

  it.each([1, 4_096, 20_000, 100_000, 400_000])(
    'cut by %i bytes: all is there, or it is refused',
    async (cut) => {
      await truncate(file, Math.max(8_192, (await writtenEnd(file)) - cut));
      const first = await read();
      expect([`${RECORDS}`, 'log_damaged']).toContain(first);
      // A refusal changes nothing: the next start comes to the same.
      expect(await read()).toBe(first);
      if (cut === 400_000) expect(first).toBe('log_damaged');
    },
  );

  it.each([
    ['something else', Buffer.alloc(20_000, 0x5a)],
    ['a single byte', Buffer.from('x')],
  ])('is refused when it is %s', async (_, bytes) => {
    await writeFile(file, bytes);
    expect(await read()).toBe('log_damaged');
  });
});
