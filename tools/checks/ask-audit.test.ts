import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { askAudit } from './ask-audit.ts';
import { judgeAudit } from './judge-audit.ts';

const hasNpm = spawnSync('npm', ['--version']).status === 0;
let close = (): void => {};
let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'millrace-audit-'));
});
afterEach(async () => {
  close();
  await rm(cache, { recursive: true, force: true });
});

/** What npm itself reports of a registry with these answers. */
async function judge(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  close = () => void server.close();
  await once(server, 'listening');
  const registry = `--registry=http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  // npm keeps what it learns of an advisory, and this one is invented.
  return judgeAudit(await askAudit([registry, `--cache=${cache}`]), {});
}

const BULK = '/-/npm/v1/security/advisories/bulk';

it.skipIf(!hasNpm)(
  'finds an advisory that the registry has (skipped without npm)',
  { timeout: 60_000 },
  async () => {
    const advisory = {
      id: 1,
      url: 'https://advisories.test/1',
      title: 'Reads too far',
      severity: 'high',
      vulnerable_versions: '<99',
    };
    const { problems } = await judge((request, response) => {
      if (request.url === BULK) return response.end(JSON.stringify({ pixelmatch: [advisory] }));
      response.writeHead(404).end('{}');
    });
    expect(problems).toEqual([
      'pixelmatch <99: high, Reads too far, https://advisories.test/1; no version mends it yet',
    ]);
  },
);

it.skipIf(!hasNpm)(
  'is skipped where a registry knows no advisories (skipped without npm)',
  { timeout: 60_000 },
  async () => {
    const { problems, skipped } = await judge((_, response) => response.writeHead(405).end());
    expect(problems).toEqual([]);
    expect(skipped).toContain('405');
  },
);
