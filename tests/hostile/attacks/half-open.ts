import type { Attack, Stage } from '../attack.ts';

const head = (...lines: string[]): string => `${lines.join('\r\n')}\r\n\r\n`;
const HOST = 'Host: localhost';
const UPGRADE = ['Connection: Upgrade', 'Upgrade: websocket'];

/** First bytes of connections that lead nowhere: none of them is a request that ends, nor a socket that is let in. */
export const HALF_OPEN: Record<string, string | Uint8Array> = {
  nothing: '',
  'upgrade without a key': head('GET /socket.io/?EIO=4&transport=websocket HTTP/1.1', HOST, ...UPGRADE),
  'upgrade of another path': head(
    'GET / HTTP/1.1',
    HOST,
    ...UPGRADE,
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  ),
  'upgrade of a post': head('POST /v1/events HTTP/1.1', HOST, ...UPGRADE, 'Content-Length: 10'),
  'upgrade to another protocol': head(
    'GET /live HTTP/1.1',
    HOST,
    'Connection: Upgrade, HTTP2-Settings',
    'Upgrade: h2c',
    'HTTP2-Settings: AAMAAABkAAQAAP__',
  ),
  'upgrade with half a head': `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n${HOST}\r\nUpgrade: websocket\r\n`,
  'websocket that never enters': head(
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
    HOST,
    ...UPGRADE,
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  ),
  'websocket of an old version': head(
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
    HOST,
    ...UPGRADE,
    'Sec-WebSocket-Version: 7',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  ),
  'upgrade of an unknown session': head(
    'GET /socket.io/?EIO=4&transport=websocket&sid=nobody HTTP/1.1',
    HOST,
    ...UPGRADE,
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  ),
  connect: head('CONNECT example.com:443 HTTP/1.1', 'Host: example.com:443'),
  'expects to go on': head('POST /v1/events HTTP/1.1', HOST, 'Expect: 100-continue', 'Content-Length: 1000'),
  'half a body': `${head('POST /v1/events HTTP/1.1', HOST, 'Content-Type: application/json', 'Content-Length: 1000')}{"event":`,
  'half a chunk': `${head('POST /v1/events HTTP/1.1', HOST, 'Transfer-Encoding: chunked')}ff\r\n{"ev`,
  'polling that never enters': head('GET /socket.io/?EIO=4&transport=polling HTTP/1.1', HOST),
  'tls hello': Uint8Array.from([0x16, 3, 1, 0, 0xa5, 1, 0, 0, 0xa1, 3, 3]),
  'http 2 preface': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
};

const TOTAL = 1_000;
/** Twice the times below, plus the interval at which connections are checked. */
const GONE_WITHIN = 25_000;
/** Parts of the Store and the honest client's own come and go. */
const MORE = 80;

/** Half of the connections read nothing of what they are sent. */
function dialAll({ attacker }: Stage, total: number): void {
  const firsts = Object.values(HALF_OPEN);
  for (let i = 0; i < total; i++) {
    const socket = attacker.dial(firsts[i % firsts.length]!, `127.0.0.${2 + (i % 8)}`);
    if (Math.floor(i / firsts.length) % 2 === 1) socket.pause();
  }
}

/** Whatever a connection sends or withholds, it has a deadline and is counted; a stop never waits for it. */
export const halfOpen: Attack = {
  name: 'half open',
  what: 'connections that never become a request or a session, and a stop while there are some',
  env: { MILLRACE_HEADER_TIME: '1s', MILLRACE_REQUEST_TIME: '2s', MILLRACE_KEEP_ALIVE: '2s' },
  async run(stage) {
    const before = stage.descriptors();
    const left = (): number => Math.max(0, stage.descriptors() - before);
    dialAll(stage, stage.long ? TOTAL * 3 : TOTAL);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    stage.note('open after a second', left());
    const end = performance.now() + GONE_WITHIN;
    while (left() > MORE && performance.now() < end && !stage.over.aborted)
      await new Promise((resolve) => setTimeout(resolve, 200));
    stage.note('still open', left());
    if (left() > MORE)
      stage.fault(`${left()} half-open connections are still there after ${GONE_WITHIN / 1_000} s.`);
  },
  async beforeStop(stage) {
    dialAll(stage, Object.keys(HALF_OPEN).length * 4);
    await new Promise((resolve) => setTimeout(resolve, 200));
  },
};
