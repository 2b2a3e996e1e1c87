import { type IncomingHttpHeaders, request } from 'node:http';

export interface RawAnswer {
  status: number | undefined;
  type: string | undefined;
  text: string;
  headers: IncomingHttpHeaders;
}

/** Asks for a path as it is written. */
export function getRaw(
  url: string,
  { path, method, headers }: { path: string; method: string; headers: Record<string, string> },
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers }, async (answer) => {
      let text = '';
      for await (const chunk of answer) text += chunk;
      resolve({
        status: answer.statusCode,
        type: answer.headers['content-type'],
        text,
        headers: answer.headers,
      });
    });
    sent.on('error', reject).end();
  });
}
