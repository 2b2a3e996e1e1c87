import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { type MillraceProcess, startMillrace } from '../testing/millrace-process.ts';

const ROOT = join(import.meta.dirname, '..', '..');

let data: string;
let running: MillraceProcess | null;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'millrace-end-'));
  running = null;
});
afterEach(async () => {
  await running?.kill();
  await rm(data, { recursive: true, force: true });
});

const start = async (env: Record<string, string> = {}): Promise<MillraceProcess> => {
  running = await startMillrace({ data, port: 0, env });
  return running;
};
/** Why a start was refused: the exit code and all that was printed. */
const refusal = (env: Record<string, string> = {}): Promise<string> =>
  start(env).then(
    () => 'It started.',
    (error: Error) => error.message,
  );

/** Runs until an event is committed to the Store, then stops in order. */
async function runOnce(): Promise<void> {
  const { url, stop } = await start();
  const metric = { event: 'seen', aggregate: 'count', window: '10s' };
  const headers = { 'content-type': 'application/json' };
  await fetch(`${url}/v1/metrics/seen`, { method: 'PUT', headers, body: JSON.stringify(metric) });
  const posted = await fetch(`${url}/v1/events`, { method: 'POST', body: '{"event":"seen","id":"one"}' });
  expect(await posted.json()).toMatchObject({ accepted: 1 });
  expect(await stop()).toBe(0);
}

const seen = (url: string) => async (): Promise<string> =>
  (await fetch(`${url}/v1/metrics/seen/series?range=5m`)).text();

describe('a Log and a Store that do not belong together', () => {
  it('fills a Store that was deleted from the Log', async () => {
    await runOnce();
    await rm(join(data, 'store'), { recursive: true });
    const { url } = await start();
    await eventually(seen(url), (text) => /"values":\[[^\]]*1/.test(text));
  });

  it('refuses to go on without the Log, and says what to do', async () => {
    await runOnce();
    await rm(join(data, 'log'), { recursive: true });
    const words = await refusal();
    expect(words).toMatch(/^It ended with 1:/);
    expect(words).toMatch(/^Millrace: .*log_identity_changed/m);
    expect(words).toContain(`Put back the ${join(data, 'log')}`);
    expect(words).not.toContain('    at ');
  });
});

describe('a start that is not possible', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    ['a setting that cannot be read', { MILLRACE_PORT: 'eighty' }, /MILLRACE_PORT.*eighty.*invalid_settings/],
    [
      'a setting that does not exist',
      { MILLRACE_PROT: '80' },
      /MILLRACE_PROT.*MILLRACE_PORT.*invalid_settings/,
    ],
  ])('%s', async (_, env, words) => {
    const text = await refusal(env);
    expect(text).toMatch(/^It ended with 1:/);
    expect(text.replaceAll('\n', ' ')).toMatch(words);
  });

  it('a data folder that cannot be', async () => {
    await writeFile(join(data, 'file'), '');
    const text = await refusal({ MILLRACE_DATA: join(data, 'file', 'data') });
    expect(text).toMatch(/^Millrace: The data folder .* cannot be used: .*MILLRACE_DATA.*invalid_settings/m);
  });

  it('a data folder that another process works in', async () => {
    const first = await start();
    expect(await refusal()).toMatch(/^Millrace: .*data_folder_in_use/m);
    running = first;
  });
});

it('a process that an engine has ended is not silent', async () => {
  const env = { ...process.env, MILLRACE_DATA: data, MILLRACE_PORT: '0' };
  const shell = spawn(process.execPath, ['tools/start.mjs'], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // The server ends with the channel to this process.
  onTestFinished(() => void shell.kill('SIGKILL'));
  let output = '';
  for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (chunk) => (output += chunk));
  const exited = once(shell, 'exit');
  await eventually(
    () => output,
    (text) => text.includes('Millrace is ready'),
  );
  const lock = await readFile(join(data, 'store', 'status'), 'utf8');
  process.kill(Number(/PID: (\d+)/.exec(lock)![1]), 'SIGSEGV');
  expect(await exited).toEqual([1, null]);
  expect(output).toMatch(/crashed with SIGSEGV.*data folder is damaged.*npm run restore/);
});
