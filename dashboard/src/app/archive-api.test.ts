import { expect, it } from 'vitest';
import { createArchiveApi } from './archive-api.ts';

const PAGE = { events: [], searched: null, next: null };

function serve(answer: unknown) {
  const asked: string[] = [];
  const api = createArchiveApi(async (path) => {
    asked.push(path);
    return { status: answer === null ? 404 : 200, body: answer, headers: new Headers() };
  });
  return { api, asked };
}

it('asks for events with what keeps some out, and nothing else', async () => {
  const { api, asked } = serve(PAGE);
  expect(await api.events({ event: null, where: '', key: 'u 1', limit: 100, cursor: null })).toEqual(PAGE);
  await api.events({ from: 0, to: 1, where: 'a = "x&y"' });
  expect(asked).toEqual(['/v1/events?key=u+1&limit=100', '/v1/events?from=0&to=1&where=a+%3D+%22x%26y%22']);
});

it('asks what became of an event, which may not be there', async () => {
  const missing = serve(null);
  expect(await missing.api.verdict({ position: '2:81:4' })).toBeNull();
  expect(missing.asked).toEqual(['/v1/events/verdict?position=2%3A81%3A4']);
  const verdict = { event: 'a', position: null, partition: null, metrics: [] };
  expect(await serve({ verdicts: [verdict], more: false }).api.verdict({ id: 'x', key: null })).toEqual(
    verdict,
  );
});

it('refuses an answer of another shape, and says what is wrong with it', async () => {
  await expect(serve({ events: 7 }).api.events({})).rejects.toThrow('GET /v1/events: events: expected');
  await expect(serve({ rejected: [] }).api.rejected({ limit: 10 })).rejects.toThrow('/v1/rejected?limit=10');
});
