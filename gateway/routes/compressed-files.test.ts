import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';

let gateway: TestGateway;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-compressed-'));
  await mkdir(join(folder, 'dashboard', 'assets'), { recursive: true });
  await mkdir(join(folder, 'client'));
  for (const file of [
    'dashboard/index.html',
    'dashboard/assets/app-1a2b.js',
    'client/client.js',
    'client/client.d.ts',
    'client/query.js',
    'client/query.d.ts',
  ])
    for (const end of ['', '.br', '.gz']) await writeFile(join(folder, `${file}${end}`), `${file}${end}`);
  const built = {
    staticFolder: join(folder, 'dashboard'),
    clientFile: join(folder, 'client', 'client.js'),
  };
  gateway = await startGateway({}, built);
});
afterEach(async () => {
  await gateway.close();
  await rm(folder, { recursive: true });
});

/** The bytes as they are sent; fetch would decode them. */
const get = (path: string, accept: string) =>
  new Promise((resolve, reject) => {
    const headers = accept === '' ? {} : { 'accept-encoding': accept };
    const sent = request(`${gateway.url}${path}`, { headers }, async (answer) => {
      let text = '';
      for await (const chunk of answer) text += chunk;
      const { vary, 'content-encoding': encoding, 'content-type': type } = answer.headers;
      resolve({ text, encoding, type, vary });
    });
    sent.on('error', reject).end();
  });

describe.each([
  ['/', 'dashboard/index.html', /^text\/html/],
  ['/boards/shop', 'dashboard/index.html', /^text\/html/],
  ['/assets/app-1a2b.js', 'dashboard/assets/app-1a2b.js', /\/javascript/],
  ['/client.js', 'client/client.js', /\/javascript/],
  ['/client.d.ts', 'client/client.d.ts', /^text\/plain/],
  ['/query.js', 'client/query.js', /\/javascript/],
  ['/query.d.ts', 'client/query.d.ts', /^text\/plain/],
])('%s', (path, file, type) => {
  it.each([
    ['gzip, deflate, br, zstd', 'br', `${file}.br`],
    ['gzip', 'gzip', `${file}.gz`],
    ['br;q=0, gzip', 'gzip', `${file}.gz`],
    ['identity', undefined, file],
    ['', undefined, file],
  ])('for Accept-Encoding "%s"', async (accept, encoding, text) => {
    const vary = expect.stringMatching(/accept-encoding/i);
    expect(await get(path, accept)).toEqual({ text, encoding, type: expect.stringMatching(type), vary });
  });
});
