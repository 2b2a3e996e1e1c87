import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { freePort } from '../../tests/testing/free-port.ts';

const MAIN = join(import.meta.dirname, 'main.ts');

function start(settings: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], { env: { PATH: process.env.PATH, ...settings } });
  return {
    child,
    said: Promise.all([text(child.stdout), text(child.stderr)]).then((all) => all.join('')),
    ended: once(child, 'exit') as Promise<[code: number | null, signal: string | null]>,
  };
}

it('ends with one line when no brokers are set', async () => {
  const { said, ended } = start({});
  expect(await ended).toEqual([1, null]);
  expect(await said).toMatch(/^Millrace: .*MILLRACE_KAFKA_BROKERS.*\(invalid_settings\)$/m);
});

it('waits for brokers, and stops in order meanwhile', async () => {
  const { child, said, ended } = start({ MILLRACE_KAFKA_BROKERS: `127.0.0.1:${await freePort()}` });
  try {
    const waiting = new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => chunk.includes('waiting for the Log') && resolve());
    });
    await Promise.race([waiting, ended]);
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(await said).toContain('"msg":"stopped"');
  } finally {
    child.kill('SIGKILL');
  }
});
