import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StaticPages {
  readonly url: string;
  close(): void;
}

/** Serves texts by path, at an origin of its own: `.js` as a script, everything else as a page. */
export async function serveTexts(texts: Record<string, string>): Promise<StaticPages> {
  const server = createServer((request, response) => {
    const text = texts[request.url ?? ''];
    const type = request.url?.endsWith('.js') ? 'text/javascript' : 'text/html';
    response.writeHead(text === undefined ? 404 : 200, { 'content-type': `${type}; charset=utf-8` });
    response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
