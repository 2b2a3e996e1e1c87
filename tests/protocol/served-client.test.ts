import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type HostileProxy, startHostileProxy, type Treatment } from '#client/testing/hostile-proxy.ts';
import { createRecorder } from '#client/testing/recorder.ts';
import type { Client } from '#client/types.ts';
import type { Embedded } from '#embedded/app.ts';
import { buildClient } from '../testing/build-client.ts';
import { startOwnStack } from './own-stack.ts';
import { totals } from './raw-client.ts';
import { createSubject, type Subject, until } from './subject.ts';

describe('the served client.js in Node', () => {
  let folder: string;
  let createClient: typeof import('#client/index.ts').createClient;
  let stack: Embedded;
  let subject: Subject;
  let proxy: HostileProxy;
  let client: Client;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-served-'));
    await buildClient(folder);
    ({ createClient } = await import(/* @vite-ignore */ pathToFileURL(join(folder, 'client.js')).href));
    stack = await startOwnStack();
    subject = createSubject(stack.url);
    await subject.define();
  });
  afterEach(async () => {
    await client.close();
    await proxy.close();
  });
  afterAll(async () => {
    await stack?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const watch = async (treatment: Treatment) => {
    proxy = await startHostileProxy(Number(new URL(stack.url).port), treatment);
    client = createClient({ url: proxy.url, environment: { random: () => 0.1 } });
    const view = createRecorder();
    client.subscribe({ metric: subject.metric, groupBy: ['group'] }, view);
    return view;
  };

  it.each([
    ['pass', 'websocket'],
    ['refuse', 'polling'],
    ['reset', 'polling'],
    ['swallow', 'polling'],
  ] as const)('follows a metric where the network does to WebSocket: %s', async (treatment, transport) => {
    const view = await watch(treatment);
    await until(() => expect(client.connection).toMatchObject({ state: 'live', transport }));
    await subject.post(treatment, 3);
    await until(() => expect(totals(view.contents!)).toMatchObject({ [treatment]: 3 }));
  });

  it('goes on over polling after its lines were cut', async () => {
    const view = await watch('reset');
    await until(() => expect(view.contents?.cursor).toBeTruthy());
    for (let i = 1; i <= 3; i++) {
      proxy.cutAll();
      await subject.post(`cut-${i}`, i);
      await until(() => expect(totals(view.contents!)).toMatchObject({ [`cut-${i}`]: i }));
    }
  });
});
