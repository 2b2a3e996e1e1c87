import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { freePort } from '../testing/free-port.ts';
import { readSeries, total } from '../testing/series.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const NAME = `millrace-image-${randomBytes(4).toString('hex')}`;
const IMAGE = `${NAME}:test`;
const ask = promisify(execFile);
const docker = async (...args: string[]): Promise<string> => {
  const { stdout, stderr } = await ask('docker', args, { cwd: ROOT, maxBuffer: 1e8 });
  return `${stdout}${stderr}`.trim();
};
const reason = await docker('version', '--format', '{{.Server.Version}}').then(
  () => '',
  () => '(skipped: there is no Docker engine)',
);
const MINUTES = 60_000;

describe.skipIf(reason !== '')(`the image of the embedded profile ${reason}`, () => {
  let port = 0;
  beforeAll(async () => {
    port = await freePort();
    await docker('build', '--quiet', '--tag', IMAGE, '--file', 'infra/embedded/Dockerfile', '.');
  }, 30 * MINUTES);
  afterAll(async () => {
    await docker('rm', '--force', '--volumes', NAME).catch(() => '');
    await docker('volume', 'rm', '--force', `${NAME}-data`);
    await docker('image', 'rm', '--force', IMAGE);
  });
  const url = (): string => `http://127.0.0.1:${port}`;
  /** As in the README. */
  const start = (...env: string[]): Promise<string> =>
    docker(
      ...['run', '--detach', '--name', NAME, '--stop-timeout', '30', '--read-only', '--tmpfs', '/tmp'],
      ...['--cap-drop', 'ALL', '--publish', `127.0.0.1:${port}:8080`, '--volume', `${NAME}-data:/data`],
      ...env.flatMap((pair) => ['--env', pair]),
      IMAGE,
    );
  const isHealthy = (): Promise<unknown> =>
    eventually(
      () => docker('inspect', '--format', '{{.State.Health.Status}}', NAME),
      (status) => status === 'healthy',
      2 * MINUTES,
    );

  it('refuses to start where others can reach it and no key is set, and says so', async () => {
    await start();
    expect(await docker('wait', NAME)).toBe('1');
    expect(await docker('logs', NAME)).toMatch(/MILLRACE_ADMIN_KEY.*\(invalid_settings\)/);
    await docker('rm', NAME);
  });

  it('counts, stops in order, and goes on with its data; not as root, and backed up while it runs', async () => {
    await start('MILLRACE_PUBLISH_ADDRESS=127.0.0.1');
    await isHealthy();
    const metric = JSON.stringify({ event: 'hit', aggregate: 'count', window: '10s' });
    const headers = { 'content-type': 'application/json' };
    const put = await fetch(`${url()}/v1/metrics/hits`, { method: 'PUT', headers, body: metric });
    expect(put.status).toBe(201);
    const events = JSON.stringify(Array.from({ length: 100 }, (_, i) => ({ event: 'hit', id: `${i}` })));
    const post = await fetch(`${url()}/v1/events`, { method: 'POST', headers, body: events });
    expect(await post.json()).toMatchObject({ accepted: 100 });
    const counted = (): Promise<number> => readSeries(url(), 'hits', '?range=1h').then(total);
    await eventually(counted, (n) => n === 100);
    expect((await fetch(`${url()}/`)).status).toBe(200);
    expect(await docker('exec', NAME, 'node', '-p', 'process.getuid()')).toBe('1000');
    expect(await docker('exec', NAME, 'node', 'embedded/backup/main.ts', 'backup', '/tmp/backup')).toMatch(
      /^Backed up \/data/,
    );
    await docker('stop', NAME);
    expect(await docker('inspect', '--format', '{{.State.ExitCode}}', NAME)).toBe('0');
    await docker('start', NAME);
    await isHealthy();
    await eventually(counted, (n) => n === 100);
  });
});
