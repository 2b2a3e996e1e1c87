import type { Attack, Stage } from '../attack.ts';

const lines = (...text: string[]): string => `${text.join('\r\n')}\r\n\r\n`;

/** Requests that must not be served, by their first lines. */
const REFUSED: Record<string, string> = {
  'two hosts': lines('GET /v1/metrics HTTP/1.1', 'Host: localhost', 'Host: evil.example'),
  'two hosts, the foreign one first': lines(
    'GET /v1/metrics HTTP/1.1',
    'Host: evil.example',
    'Host: localhost',
  ),
  'two equal hosts': lines('GET /v1/metrics HTTP/1.1', 'Host: localhost', 'Host: localhost'),
  'a foreign host': lines('GET /v1/metrics HTTP/1.1', 'Host: evil.example'),
  'no host': lines('GET /v1/metrics HTTP/1.1'),
  'a host within an address': lines('GET http://evil.example/v1/metrics HTTP/1.1', 'Host: localhost:1:2'),
  'two lengths': `${lines('POST /v1/events HTTP/1.1', 'Host: localhost', 'Content-Length: 1', 'Content-Length: 17')}{"event":"door"}`,
  'a length and chunks': `${lines('POST /v1/events HTTP/1.1', 'Host: localhost', 'Content-Length: 4', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
  'a foreign origin': lines(
    'PUT /v1/metrics/door HTTP/1.1',
    'Host: localhost',
    'Origin: https://evil.example',
    'Content-Length: 0',
  ),
};

function firstLine(stage: Stage, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = stage.attacker.dial(text);
    socket.setTimeout(5_000, () => resolve('nothing'));
    socket.once('data', (data) => resolve(data.toString().split('\r\n')[0]!));
    socket.once('close', () => resolve('closed'));
  });
}

/** A request that two readers could understand differently is no request. */
export const oddDoors: Attack = {
  name: 'odd doors',
  what: 'heads with two hosts, two lengths, foreign hosts and origins',
  async run(stage) {
    for (const [name, text] of Object.entries(REFUSED)) {
      const line = await firstLine(stage, text);
      stage.attacker.count(line.slice(9, 12) || line);
      if (/^HTTP\/1\.1 [123]/.test(line)) stage.fault(`${name}: answered ${line}.`);
    }
  },
};
