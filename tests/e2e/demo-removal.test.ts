import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { type MillraceProcess, startMillrace } from '../testing/millrace-process.ts';

interface DemoAnswer {
  phase: string;
  sent: number;
  history: boolean | null;
  removable: boolean;
}

/** One process, whose chapters run in order. */
describe('the removal of the demo', () => {
  let data: string;
  let millrace: MillraceProcess;
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'millrace-removal-'));
    await writeFile(join(data, 'of-somebody-else'), '');
    millrace = await startMillrace({ data, port: 0 });
  });
  afterAll(async () => {
    await millrace?.kill();
    await rm(data, { recursive: true, force: true });
  });

  const ask = async <T>(
    method: string,
    path: string,
    body?: string,
  ): Promise<{ status: number; body: T }> => {
    const init = body === undefined ? { method } : { method, body };
    const response = await fetch(`${millrace.url}${path}`, init);
    return { status: response.status, body: (await response.json()) as T };
  };
  const demo = async (): Promise<DemoAnswer> => (await ask<DemoAnswer>('GET', '/v1/demo')).body;
  const startDemo = async (): Promise<void> => {
    expect((await ask('POST', '/v1/demo')).status).toBe(202);
    await eventually(demo, ({ phase, sent }) => phase === 'live' && sent > 0, 60_000);
  };

  it('is refused while there is no demo', async () => {
    expect(await demo()).toMatchObject({ removable: false });
    const { status, body } = await ask('DELETE', '/v1/demo');
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'demo_not_removable', detail: 'There is no demo data.' });
  });

  it('empties events, metrics, boards and history, and the same address goes on', async () => {
    await startDemo();
    expect(await demo()).toMatchObject({ removable: true });
    expect((await ask('DELETE', '/v1/demo')).status).toBe(202);
    await eventually(demo, ({ phase }) => phase === 'off', 60_000);
    expect((await ask('GET', '/v1/boards')).body).toEqual({ boards: [] });
    expect((await ask('GET', '/v1/metrics')).body).toEqual({ metrics: [] });
    expect(await demo()).toMatchObject({ removable: false, sent: 0 });
    await access(join(data, 'of-somebody-else'));
  });

  it('leaves an empty log, so that the demo sends its history again', async () => {
    await startDemo();
    expect(await demo()).toMatchObject({ history: true, removable: true });
  });

  it('is refused while there are definitions of others', async () => {
    const metric = '{"event":"page_viewed","aggregate":"count","window":"10s"}';
    expect((await ask('PUT', '/v1/metrics/mine', metric)).status).toBeLessThan(300);
    const { status, body } = await ask<{ detail: string }>('DELETE', '/v1/demo');
    expect(status).toBe(409);
    expect(body.detail).toContain('metric mine');
    await fetch(`${millrace.url}/v1/metrics/mine`, { method: 'DELETE' });
    expect(await demo()).toMatchObject({ removable: true });
  });

  it('is refused while there are keys, or the board or a metric of the demo has been changed', async () => {
    const grant = '{"name":"shop","scope":"write"}';
    const made = await fetch(`${millrace.url}/v1/keys`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: grant,
    });
    const { id } = (await made.json()) as { id: string };
    const refused = await ask<{ code: string; detail: string }>('DELETE', '/v1/demo');
    expect(refused).toMatchObject({ status: 409, body: { code: 'demo_not_removable' } });
    expect(refused.body.detail).toContain(`"shop" (${id})`);
    expect((await ask<{ keys: unknown[] }>('GET', '/v1/keys')).body.keys).toHaveLength(1);
    await fetch(`${millrace.url}/v1/keys/${id}`, { method: 'DELETE' });
    expect(await demo()).toMatchObject({ removable: true });
    for (const [path, change] of [
      ['/v1/metrics/orders', { title: 'Mine' }],
      ['/v1/boards/storefront', { title: 'Mine' }],
    ] as const) {
      const { body } = await ask<Record<string, unknown>>('GET', path);
      await ask('PUT', path, JSON.stringify({ ...body, ...change }));
      expect((await ask<{ detail: string }>('DELETE', '/v1/demo')).body.detail).toContain('changed since');
      await ask('PUT', path, JSON.stringify(body));
      expect(await demo()).toMatchObject({ removable: true });
    }
  });

  it('is refused from the first event of others on, also after a restart', async () => {
    await ask('POST', '/v1/events', '{"event":"order_completed","id":"mine"}');
    expect((await ask('DELETE', '/v1/demo')).status).toBe(409);
    expect(await millrace.stop()).toBe(0);
    millrace = await startMillrace({ data, port: 0 });
    const { status, body } = await ask<{ detail: string }>('DELETE', '/v1/demo');
    expect(status).toBe(409);
    expect(body.detail).toContain('events other');
  });
});
