import { expect, it } from 'vitest';
import { follow, totals } from './raw-client.ts';
import { until } from './subject.ts';
import type { ProtocolContext } from './use-protocol.ts';

/** What a change of a metric does to its open views: PROTOCOL.md 2.2. */
export function describeVersions(context: ProtocolContext): void {
  const address = () => new URL(`/v1/metrics/${context.subject.metric}`, context.subject.url);
  const put = async (body: object, headers: Record<string, string> = {}) =>
    context.subject.ask(address(), {
      method: 'PUT',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const definition = async () =>
    (await (await context.subject.ask(address())).json()) as Record<string, unknown>;

  it('moves an open view to a changed fold with its whole history, by a snapshot with info', async () => {
    const { subject } = context;
    await subject.post('a', 4);
    await subject.post('b', 2);
    const client = await context.connect();
    const view = await follow(client, { request: { metric: subject.metric, groupBy: ['group'] } });
    await until(() => expect(totals(view.contents)).toEqual({ a: 4, b: 2 }));
    const changed = await put({ ...(await definition()), where: { size: 'L' } });
    expect(changed.status).toBe(200);
    await subject.post('a', 2);
    await until(() => expect(totals(view.contents)).toEqual({ a: 3, b: 1 }));
    expect(view.contents.version).toBeGreaterThan(view.info.version);
    const moved = client.frames.flatMap((f) => f.views).find((v) => v.info !== undefined);
    expect(moved).toMatchObject({
      snapshot: true,
      info: { view: view.info.view, version: view.contents.version },
    });
    expect(view.outcomes).not.toContain('behind');
    await subject.post('c', 1);
    await subject.post('b', 2);
    await until(() => expect(totals(view.contents)).toEqual({ a: 3, b: 2 }));
    const { headers } = await context.subject.ask(address());
    expect(headers.get('millrace-version')).toBe(String(view.contents.version));
    expect(headers.get('millrace-pending-version')).toBeNull();
  });

  it('sends a new title to open views, without a change of their contents', async () => {
    const { subject } = context;
    const client = await context.connect();
    const view = await follow(client, { request: { metric: subject.metric, groupBy: [] } });
    await put({ ...(await definition()), title: 'Renamed' });
    const told = () => client.frames.flatMap((f) => f.views).find((v) => v.info?.title === 'Renamed');
    await until(() => expect(told()).toMatchObject({ snapshot: true, version: view.info.version }));
    await until(() => expect(totals(view.contents)).toEqual({ '': 5 }));
  });

  it('gives one of several writers of one tag 200, the others 412', async () => {
    const tag = (await context.subject.ask(address())).headers.get('etag')!;
    const body = await definition();
    const writes = ['one', 'two', 'three', 'four'].map((title) =>
      put({ ...body, title }, { 'if-match': tag }),
    );
    const statuses = (await Promise.all(writes)).map((answer) => answer.status).sort();
    expect(statuses).toEqual([200, 412, 412, 412]);
  });

  it('answers a definition that is put back unchanged with the same bytes, in YAML and in JSON', async () => {
    for (const type of ['application/yaml', 'application/json']) {
      const got = await context.subject.ask(address(), { headers: { accept: type } });
      const text = await got.text();
      const headers = { accept: type, 'content-type': type };
      const again = await context.subject.ask(address(), { method: 'PUT', headers, body: text });
      expect([again.status, await again.text()]).toEqual([200, text]);
      expect(again.headers.get('etag')).toBe(got.headers.get('etag'));
    }
  });

  it('never shows its earlier rows when it is deleted and made again', async () => {
    const { subject } = context;
    await context.subject.ask(address(), { method: 'DELETE' });
    await subject.define();
    const client = await context.connect();
    const view = await follow(client, { request: { metric: subject.metric, groupBy: ['group'] } });
    // 6 of a, 4 of b and 1 of c were posted: all of them once, from the archive.
    await until(() => expect(totals(view.contents)).toEqual({ a: 6, b: 4, c: 1 }));
    await subject.post('c', 1);
    await until(() => expect(totals(view.contents)).toEqual({ a: 6, b: 4, c: 2 }));
  });
}
