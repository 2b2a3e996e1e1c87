import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { listen } from '#platform/http/listen.ts';
import { useIngest } from './testing/use-ingest.ts';

const start = useIngest();
const HTTP = { host: '127.0.0.1', port: 0, hosts: '', noKeys: false, proxies: 0, drain: 0 };

const post = (body: string): string =>
  `POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

it('garbage behind requests on one connection: each is answered in whole, its events durable, then the garbage is refused', async () => {
  const harness = await start();
  const address = new URL(await listen(harness.server, HTTP));
  const socket = connect(Number(address.port), address.hostname);
  socket.write(`${post('[{"event":"a"},{"event":"b"}]')}${post('{"event":"c"}')}\0\x01 no HTTP\r\n\r\n`);
  let text = '';
  for await (const chunk of socket) text += chunk;
  const answers = text.split('HTTP/1.1 ').slice(1);
  expect(answers.map((answer) => answer.slice(0, 3))).toEqual(['200', '200', '400']);
  const accounts = answers.map((answer) => JSON.parse(answer.slice(answer.indexOf('{'))));
  expect(accounts).toMatchObject([{ accepted: 2 }, { accepted: 1 }, { code: 'not_http' }]);
  expect((await harness.events()).map(({ event }) => event.event).sort()).toEqual(['a', 'b', 'c']);
});
