import { ApiError, type Ask } from '../src/app/ask.ts';
import { answerOfArchive, factsOf } from './fake-archive.ts';
import { createFakeCatalogue } from './fake-catalogue.ts';
import { answerOfExplore } from './fake-explore.ts';
import { FAKE_SCHEMA } from './fake-schema.ts';

/** What the server answers to a request of a room; 404 where nothing is said. */
export function createFakeAsk(mode: string): Ask {
  const catalogue = createFakeCatalogue(mode);
  return async (path, asked = {}) => {
    asked.signal?.throwIfAborted();
    if (mode === 'forbidden') throw new ApiError('The key does not allow reading.', 'forbidden_scope');
    const url = new URL(path, 'http://fake');
    const body =
      answerOfArchive(mode, url) ??
      answerOfExplore(url) ??
      catalogue(url.pathname, asked) ??
      answer(url, mode);
    const headers = new Headers(body === null ? {} : { etag: '"1"', 'millrace-version': '7' });
    return { status: body === null ? 404 : 200, body, headers };
  };
}

function answer({ pathname, searchParams }: URL, mode: string): unknown {
  if (pathname === '/v1/key') return { id: mode === 'keyed' ? 'admin' : null, scope: ['admin'] };
  if (pathname !== '/v1/schema') return null;
  const name = searchParams.get('event');
  if (name === null) return FAKE_SCHEMA;
  return {
    ...FAKE_SCHEMA,
    events: [...FAKE_SCHEMA.events.filter(({ event }) => event === name), ...factsOf(name)].slice(0, 1),
  };
}
