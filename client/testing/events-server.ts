import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SentEvent {
  id: string;
  event: string;
  properties?: Record<string, unknown>;
}

/** Takes events as ingest does, or is away. */
export interface EventsServer {
  readonly url: string;
  /** Requests that were answered with 200. */
  readonly requests: SentEvent[][];
  /** Requests that were turned away. */
  readonly refused: number;
  away: boolean;
  close(): void;
}

export async function startEventsServer(): Promise<EventsServer> {
  const state = { url: '', requests: [] as SentEvent[][], refused: 0, away: false };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    if (state.away) {
      state.refused++;
      return void response.writeHead(503).end('{}');
    }
    const events = JSON.parse(text) as SentEvent[];
    state.requests.push(events);
    response.end(
      JSON.stringify({ accepted: events.length, late: 0, duplicates: 0, rejected: 0, errors: [] }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(state, {
    close() {
      server.closeAllConnections();
      server.close();
    },
  });
}
