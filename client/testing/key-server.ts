import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ErrorCode } from '#contracts/errors.ts';
import { problemOf } from '#platform/http/refusals/problem.ts';
import type { SentEvent } from './events-server.ts';

/** Accepts events with a valid key, as ingest does. */
export interface KeyServer {
  readonly url: string;
  /** The valid keys. */
  readonly good: Set<string>;
  /** The `Authorization` header of each request. */
  readonly shown: (string | undefined)[];
  /** The accepted events. */
  readonly events: SentEvent[];
  /** The refusal of requests without a valid key; `invalid_key` by default. */
  refusal: ErrorCode;
  /** Called when a request arrives, before its key is checked. */
  asked: () => void;
  close(): void;
}

export async function startKeyServer(...good: string[]): Promise<KeyServer> {
  const state: KeyServer = {
    url: '',
    good: new Set(good),
    shown: [],
    events: [],
    refusal: 'invalid_key',
    asked: () => {},
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  const server = createServer(async (request, response) => {
    const events = JSON.parse(await textOf(request)) as SentEvent[];
    const { authorization } = request.headers;
    state.shown.push(authorization);
    const counts = state.good.has(authorization?.replace(/^Bearer /, '') ?? '');
    state.asked();
    if (!counts) {
      const problem = problemOf({ code: state.refusal, message: 'No.' });
      return void response.writeHead(problem.status).end(JSON.stringify(problem));
    }
    state.events.push(...events);
    response.end(
      JSON.stringify({ accepted: events.length, late: 0, duplicates: 0, rejected: 0, errors: [] }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(state, { url });
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
