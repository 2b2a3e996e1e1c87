import { expect, it } from 'vitest';
import type { ArchivedEvent, EventPage } from '#contracts/event/event-page.ts';
import { until } from './subject.ts';
import type { ProtocolContext } from './use-protocol.ts';

/** Archived events: PROTOCOL.md 2.8. */
export function describeEvents(context: ProtocolContext): void {
  const read = async (query: Record<string, string>): Promise<EventPage> => {
    const params = new URLSearchParams({ event: context.subject.event, ...query });
    const answer = await context.subject.ask(`/v1/events?${params}`);
    expect(answer.status).toBe(200);
    return (await answer.json()) as EventPage;
  };
  /** All pages. */
  const readAll = async (query: Record<string, string>): Promise<ArchivedEvent[]> => {
    const found: ArchivedEvent[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: EventPage = await read({ ...query, cursor });
      found.push(...page.events);
      cursor = page.next;
    }
    return found;
  };

  it('come back newest first, page by page, each once, with what was sent', async () => {
    const { subject } = context;
    const now = Date.now();
    const sent = Array.from({ length: 7 }, (_, i) => ({
      event: subject.event,
      id: `${subject.metric}-${i}`,
      key: `key ${i % 2}`,
      timestamp: new Date(now - i * 1_000).toISOString(),
      properties: { group: 'a', n: i, deep: { list: [i, null] } },
    }));
    const headers = { 'content-type': 'application/json' };
    const posted = await subject.ask('/v1/events', { method: 'POST', headers, body: JSON.stringify(sent) });
    expect(posted.status).toBe(200);
    const ids = (events: readonly ArchivedEvent[]) => events.map(({ id }) => id);
    const all = sent.map(({ id }) => id);
    await until(async () => expect(ids(await readAll({}))).toEqual(all));
    const found = await readAll({ limit: '2' });
    expect(found.map(({ event, id, key, properties }) => ({ event, id, key, properties }))).toEqual(
      sent.map(({ timestamp, ...rest }) => rest),
    );
    expect(found.map(({ timestamp }) => timestamp)).toEqual(sent.map((_, i) => now - i * 1_000));
    expect(ids(await readAll({ key: 'key 1' }))).toEqual([all[1], all[3], all[5]]);
    expect(ids(await readAll({ id: all[4]! }))).toEqual([all[4]]);
    expect(ids(await readAll({ where: '{"n":{"lt":2}}' }))).toEqual([all[0], all[1]]);
    const [from, to] = [String(now - 4_000), new Date(now - 2_000).toISOString()];
    expect(ids(await readAll({ from, to }))).toEqual([all[3], all[4]]);
  });

  it('of a key are erased, and only those', async () => {
    const { subject } = context;
    const headers = { 'content-type': 'application/json' };
    const sent = ['gone', 'gone', 'left'].map((who) => ({
      event: subject.event,
      key: `${subject.metric} ${who}`,
    }));
    await subject.ask('/v1/events', { method: 'POST', headers, body: JSON.stringify(sent) });
    const key = (who: string) => encodeURIComponent(`${subject.metric} ${who}`);
    const erased = await subject.ask(`/v1/events?key=${key('gone')}`, { method: 'DELETE' });
    expect(erased.status).toBe(200);
    // Nobody waited for them: the erasure does.
    expect(await erased.json()).toMatchObject({
      removed: 2,
      metrics: expect.arrayContaining([subject.metric]),
    });
    expect(await readAll({ key: `${subject.metric} gone` })).toEqual([]);
    expect(await readAll({ key: `${subject.metric} left` })).toHaveLength(1);
  });
}
