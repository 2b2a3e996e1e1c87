import { expect, it } from 'vitest';
import { REJECTED_PAGE, type RejectedPage } from '#contracts/log/rejected-record.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import { until } from './subject.ts';
import type { ProtocolContext } from './use-protocol.ts';

/** What was refused: PROTOCOL.md 2.7. Others may post to the same Millrace, so only what is of this run is looked at. */
export function describeRejected(context: ProtocolContext): void {
  const read = async (query: string): Promise<RejectedPage> => {
    const answer = await context.subject.ask(`/v1/rejected?${query}`);
    expect(answer.status, await answer.clone().text()).toBe(200);
    const page = readAs(REJECTED_PAGE, await answer.json(), { code: 'wrong_type' });
    if (!page.ok) throw new Error(page.fault.message);
    return page.value;
  };
  /** All records whose User-Agent is `agent`, page by page, newest first. */
  const readAll = async (agent: string, query: string): Promise<RejectedPage['rejected']> => {
    const found: RejectedPage['rejected'] = [];
    let page = await read(query);
    // The records of this run are among the newest.
    for (let pages = 0; pages < 20; pages++) {
      found.push(...page.rejected.filter((one) => one.agent === agent));
      if (page.next === null) break;
      page = await read(`${query}&cursor=${page.next}`);
    }
    return found;
  };
  const post = async (
    agent: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
    path = '/v1/events',
  ): Promise<string> => {
    const answer = await context.subject.ask(path, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'user-agent': agent, ...headers },
    });
    return ((await answer.json()) as { code: string }).code;
  };
  const agentOf = (name: string): string => `${context.subject.metric} ${name}`;

  it('lists refused requests with their code, status and text, newest first', async () => {
    const agent = agentOf('requests');
    const codes = [
      await post(agent, ''),
      await post(agent, '[{"event":'),
      await post(agent, '{"event":7}'),
      await post(agent, 'x', { 'content-type': 'image/png' }),
      await post(agent, '{"event":"a"}', { 'content-encoding': 'lzma' }),
      await post(agent, 'no gzip', { 'content-encoding': 'gzip' }),
    ];
    expect(codes).toEqual([
      'empty_body',
      'invalid_json',
      'wrong_type',
      'unsupported_media_type',
      'unsupported_encoding',
      'invalid_encoding',
    ]);
    await until(async () => expect(await readAll(agent, 'limit=1000')).toHaveLength(codes.length));
    const all = await readAll(agent, 'limit=2');
    expect(all.map(({ code }) => code)).toEqual(codes.toReversed());
    expect(all.map(({ status }) => status)).toEqual([400, 415, 415, 400, 400, 400]);
    expect(all.map(({ body }) => body)).toEqual(['', '', 'x', '{"event":7}', '[{"event":', '']);
    expect(all[3]).toMatchObject({ field: 'event', network: expect.stringMatching(/^(loopback|p\w+)$/) });
    for (const { time } of all) expect(Math.abs(time - Date.now())).toBeLessThan(3_600_000);
    const some = await readAll(agent, 'limit=100&code=empty_body,wrong_type');
    expect(some.map(({ code }) => code)).toEqual(['wrong_type', 'empty_body']);
  });

  it('lists single events of a batch, without a status', async () => {
    const agent = agentOf('events');
    const { event } = context.subject;
    await post(agent, `[{"event":"${event}"},{"event":"${event}","x":1},{}]`);
    await until(async () => expect(await readAll(agent, 'limit=100')).toHaveLength(2));
    const [second, first] = await readAll(agent, 'limit=100');
    expect(first).toMatchObject({ code: 'unknown_field', body: `{"event":"${event}","x":1}` });
    expect(second).toMatchObject({ code: 'missing_field', field: 'event', body: '{}' });
    for (const one of [first, second]) expect(one).not.toHaveProperty('status');
  });

  it('never shows the key of a request, nor one that a text holds', async () => {
    const agent = agentOf('keys');
    const secret = 'f'.repeat(12) + crypto.randomUUID().replaceAll('-', '') + '0'.repeat(4);
    const key = `mr_0123456789ab_${secret}`;
    await post(agent, `{"event":7,"key":"${key}"}`);
    await post(agent, `[{"event":7},"Bearer ${key}"`);
    await until(async () => expect(await readAll(agent, 'limit=100')).toHaveLength(2));
    const text = JSON.stringify(await readAll(agent, 'limit=100'));
    expect(text).toContain('mr_0123456789ab_…');
    expect(text).not.toContain(secret.slice(0, 16));
  });

  it('refuses parameters that it does not know', async () => {
    for (const [query, code, field] of [
      ['limit=0', 'out_of_range', 'limit'],
      ['code=401', 'invalid_parameter', 'code'],
      ['cursor=x', 'invalid_parameter', 'cursor'],
      ['from=1', 'invalid_parameter', 'from'],
    ]) {
      const answer = await context.subject.ask(`/v1/rejected?${query}`);
      expect(await answer.json()).toMatchObject({ status: 400, code, field });
    }
  });
}
