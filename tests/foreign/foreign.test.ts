import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type HostileProxy, startHostileProxy } from '#client/testing/hostile-proxy.ts';
import { createSubject, type Subject } from '../protocol/subject.ts';
import { eventually } from '../testing/eventually.ts';
import { freePort } from '../testing/free-port.ts';
import { type MillraceProcess, startMillrace } from '../testing/millrace-process.ts';
import { cells, readSeries } from '../testing/series.ts';
import { type Contents, type Follower, startFollower } from './follower.ts';
import { preparePython, whyNoPython } from './python.ts';

const missing = whyNoPython();

describe.skipIf(missing !== null)(
  `a client in Python${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    let python: string;
    let data: string;
    let port: number;
    let millrace: MillraceProcess;
    let subject: Subject;
    const followers: Follower[] = [];
    const proxies: HostileProxy[] = [];

    beforeAll(async () => {
      python = await preparePython(import.meta.dirname);
      data = await mkdtemp(join(tmpdir(), 'millrace-foreign-'));
      port = await freePort();
      millrace = await startMillrace({ data, port });
    }, 300_000);
    afterEach(async () => {
      for (const follower of followers.splice(0)) await follower.stop();
      for (const proxy of proxies.splice(0)) await proxy.close();
    });
    afterAll(async () => {
      await millrace?.kill();
      await rm(data, { recursive: true, force: true });
    });

    const define = async (): Promise<void> => {
      subject = createSubject(millrace.url);
      await subject.define();
    };
    const follow = (...[url, request, client, transport, key]: Rest<typeof startFollower>): Follower => {
      const follower = startFollower(python, url, request, client, transport, key);
      followers.push(follower);
      return follower;
    };
    const openProxy = async (at = 0): Promise<HostileProxy> => {
      const proxy = await startHostileProxy(port, 'pass', at);
      proxies.push(proxy);
      return proxy;
    };

    it('applies the worked example of PROTOCOL.md, and takes messages in any order', async () => {
      const options = { cwd: import.meta.dirname, env: { PYTHONDONTWRITEBYTECODE: '1' } };
      const { stderr } = await promisify(execFile)(python, ['-m', 'unittest'], options);
      expect(stderr).toMatch(/Ran [1-9].*OK/s);
    });

    for (const client of ['sync', 'asyncio'] as const) {
      for (const transport of ['websocket', 'polling', 'upgrade']) {
        it(`subscribes and resumes: ${client}, ${transport}`, async () => {
          await define();
          const request = { metric: subject.metric, groupBy: ['group'] };
          await subject.post('first', 3);
          const through = await openProxy();
          const held = follow(through.url, request, client, transport);
          await reaches(held, { first: 3 });
          await subject.post('live', 2);
          await reaches(held, { first: 3, live: 2 });
          expect(held.news.find((n) => n.kind === 'frame')).toMatchObject({ snapshot: false });

          await through.close();
          await subject.post('missed', 4);
          await subject.post('first', 1);
          await eventually(
            () => readSeries(millrace.url, subject.metric, '?groupBy=group'),
            (answer) => sum([...cells(answer).values()]) === 10,
          );
          const before = held.news.length;
          await openProxy(Number(new URL(through.url).port));
          await reaches(held, { first: 4, live: 2, missed: 4 });
          const after = held.news.slice(before);
          expect(after.find((n) => n.kind === 'asked')?.cursor).not.toBeNull();
          // What was missed came as a change, not as a new snapshot.
          expect(after.find((n) => n.kind === 'answer')).toMatchObject({
            outcome: 'applied',
            snapshot: false,
          });

          const fresh = follow(millrace.url, request, client, transport);
          await reaches(fresh, { first: 4, live: 2, missed: 4 });
          expect(fresh.contents()).toEqual(held.contents());
          const once = follow(millrace.url, request, 'http');
          expect(await once.ended, once.errors()).toBe(0);
          expect(once.contents()).toEqual(held.contents());
        });
      }
    }

    it('gives several outputs, a filter and merged groups as HTTP does', async () => {
      const id = `latency-${crypto.randomUUID().slice(0, 8)}`;
      await put(`${millrace.url}/v1/metrics/${id}`, {
        event: id,
        aggregate: 'quantiles(ms, 0.5, 0.99)',
        groupBy: ['country', 'plan'],
        window: '10s',
      });
      const request = { metric: id, groupBy: ['country'], where: { plan: ['pro', 'team'] }, range: '10m' };
      const held = follow(millrace.url, request, 'sync');
      await eventually(
        () => held.news.length,
        (n) => n > 1,
      );
      const events = Array.from({ length: 60 }, (_, i) => ({
        event: id,
        properties: {
          ms: i * i,
          country: ['DE', 'FR', 'Zürich'][i % 3],
          plan: ['pro', 'team', 'free'][i % 4],
        },
      }));
      await fetch(`${millrace.url}/v1/events`, { method: 'POST', body: JSON.stringify(events) });
      await eventually(
        () => Object.keys(held.contents()).sort().join(),
        (groups) => groups === 'DE,FR,Zürich',
      );
      await eventually(
        async () => {
          const once = follow(millrace.url, request, 'http');
          await once.ended;
          return [once.contents(), held.contents(), once.errors()];
        },
        ([once, now]) => isDeepStrictEqual(once, now),
      );
      expect(Object.values(Object.values(held.contents())[0]!)[0]).toHaveLength(2);
    });

    it.each(['refuse', 'swallow'] as const)(
      'goes on over polling where the network does to WebSocket: %s',
      async (how) => {
        await define();
        await subject.post('here', 2);
        const proxy = await openProxy();
        proxy.treatment = how;
        const request = { metric: subject.metric, groupBy: ['group'] };
        for (const client of ['sync', 'asyncio'] as const) {
          await reaches(follow(proxy.url, request, client), { here: 2 });
        }
        expect(proxy.upgrades).toBeGreaterThan(1);
      },
    );

    it('goes on after Millrace was killed and started again', async () => {
      await define();
      const request = { metric: subject.metric, groupBy: ['group'] };
      await subject.post('before', 5);
      const both = [
        follow(millrace.url, request, 'sync'),
        follow(millrace.url, request, 'asyncio', 'polling'),
      ];
      for (const follower of both) await reaches(follower, { before: 5 });
      await millrace.kill();
      millrace = await startMillrace({ data, port });
      await subject.post('after', 2);
      for (const follower of both) await reaches(follower, { before: 5, after: 2 });
      expect(both[0]!.contents()).toEqual(both[1]!.contents());
    });

    it('ends where a view is refused for good', async () => {
      for (const client of ['sync', 'asyncio'] as const) {
        const follower = follow(millrace.url, { metric: 'nobody-defined-it' }, client);
        expect(await follower.ended, follower.errors()).toBe(1);
        expect(follower.news.at(-1)).toMatchObject({ kind: 'refused', refusal: { code: 'unknown_metric' } });
      }
    });

    it.each([
      ['sync', 'websocket'],
      ['sync', 'polling'],
      ['asyncio', 'websocket'],
      ['asyncio', 'polling'],
    ] as const)('enters with a key, and ends when that is revoked: %s, %s', async (client, transport) => {
      await define();
      await subject.post('here', 2);
      const request = { metric: subject.metric, groupBy: ['group'] };
      const { id, key } = await makeKey(millrace.url, { metrics: [subject.metric] });
      const held = follow(millrace.url, request, client, transport, key);
      await reaches(held, { here: 2 });
      const once = follow(millrace.url, request, 'http', transport, key);
      expect(await once.ended, once.errors()).toBe(0);

      expect((await fetch(`${millrace.url}/v1/keys/${id}`, { method: 'DELETE' })).status).toBe(204);
      expect(await held.ended, held.errors()).toBe(1);
      expect(held.news.at(-1)).toMatchObject({ kind: 'refused', refusal: { code: 'revoked_key' } });
      const late = follow(millrace.url, request, client, transport, key);
      expect(await late.ended, late.errors()).toBe(1);
      expect(late.news.at(-1)).toMatchObject({ kind: 'refused', refusal: { code: 'invalid_key' } });
    });
  },
);

type Rest<F extends (...args: never[]) => unknown> = Parameters<F> extends [unknown, ...infer R] ? R : never;

async function put(url: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'PUT', headers, body: JSON.stringify(body) });
  expect(answer.ok, await answer.text()).toBe(true);
}

async function makeKey(url: string, grant: object): Promise<{ id: string; key: string }> {
  const body = JSON.stringify({ name: 'python', scope: 'read', ...grant });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/v1/keys`, { method: 'POST', headers, body });
  expect(answer.status).toBe(201);
  return (await answer.json()) as { id: string; key: string };
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const totals = (contents: Contents): Record<string, number> =>
  Object.fromEntries(
    Object.entries(contents).map(([group, row]) => [
      group,
      sum(Object.values(row).map(([value]) => value ?? 0)),
    ]),
  );

async function reaches(follower: Follower, wanted: Record<string, number>): Promise<void> {
  const key = (counts: Record<string, number>): string => JSON.stringify(Object.entries(counts).sort());
  await eventually(
    () => ({ totals: totals(follower.contents()), errors: follower.errors() }),
    (now) => key(now.totals) === key(wanted),
    45_000,
  );
}
