/**
 * The attackers of hostile.bench.ts, a process of their own: for each message `{ attack, port, seconds }` one attack, and
 * how it went. Raw sockets and prepared bytes, paced: what is measured is what refusing costs Millrace, not how fast this
 * process can spin. Each attack has a loopback address of its own.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { answerOrders } from '../tests/testing/answer-orders.ts';

export interface AttackOrder {
  attack: keyof typeof ATTACKS;
  port: number;
  seconds: number;
}

export interface AttackReport {
  /** Connections that were opened, and those that ended meanwhile. */
  connections: number;
  ended: number;
  megabytes: number;
  /** First answers of connections, by status; `reset` counts connections without one. */
  answers: Record<string, number>;
  /** This process's share of a core. */
  cpu: number;
}

interface Field {
  /** Opens a connection that begins with these bytes; null when it is not to be opened. */
  dial(from: string, first: Buffer | string, behaviour?: Behaviour): Socket;
  over(): boolean;
  report: AttackReport;
}

interface Behaviour {
  /** Called when the socket can take more. */
  ready?: (socket: Socket) => void;
  gone?: () => void;
  /** Whether it leaves with the first answer. */
  brief?: boolean;
}

const SECOND = 1_000;
const BEAT = 10;

/** Runs `work` `perSecond` times a second until the field is over: every 10 ms, with the number `n` that is due. */
async function pace(field: Field, perSecond: number, work: (n: number) => void): Promise<void> {
  let due = 0;
  let last = performance.now();
  while (!field.over()) {
    await sleep(BEAT);
    const now = performance.now();
    // At most a tenth of a second is caught up after a late tick: the machine is shared with the process under attack.
    due += (Math.min(100, now - last) * perSecond) / SECOND;
    last = now;
    const n = Math.floor(due);
    due -= n;
    if (n > 0) work(n);
  }
}

const head = (path: string, ...lines: string[]): string =>
  [`POST ${path} HTTP/1.1`, 'Host: localhost', ...lines, '', ''].join('\r\n');

/** Holds `count` connections open, each sending a few bytes a second; reopens each that is closed. */
async function dribble(
  field: Field,
  { from, count, first, more }: { from: string; count: number; first: string; more: string },
): Promise<void> {
  const open = new Set<Socket>();
  let turn: Socket[] = [];
  await pace(field, count, (n) => {
    for (let i = 0; i < n; i++) {
      if (open.size < count) {
        const socket = field.dial(from, first, { gone: () => open.delete(socket) });
        open.add(socket);
      }
      if (turn.length === 0) turn = [...open];
      const next = turn.pop();
      if (next?.writable) next.write(more);
    }
  });
}

/** Keeps `count` connections busy, opening at most `perSecond` a second. */
async function storm(
  field: Field,
  storming: { from: string; count: number; perSecond: number; first: Buffer | string } & Behaviour,
): Promise<void> {
  const { from, count, perSecond, first, ...behaviour } = storming;
  let open = 0;
  await pace(field, perSecond, (n) => {
    for (let i = 0; i < n && open < count; i++) {
      open++;
      field.dial(from, first, {
        ...behaviour,
        gone: () => {
          open--;
        },
      });
    }
  });
}

const CHUNK = Buffer.from(`10000\r\n${' '.repeat(0x10000)}\r\n`);
/** Of 100 MB, in chunks. */
const LARGE = 1_600;
const BOMB = gzipSync(Buffer.alloc(100_000_000, 0x20));
const ONE = (() => {
  const body = '{"event":"flood"}';
  return head('/v1/events', 'Content-Type: application/json', `Content-Length: ${body.length}`) + body;
})();

/** Requests a second of the flood, five times the limit of an address; handshakes, each a connection of its own. */
const FLOOD = 20_000;
const HANDSHAKES = 3_000;

const ATTACKS = {
  'slow-loris': (field: Field) =>
    Promise.all([
      dribble(field, {
        from: '127.0.0.2',
        count: 1_000,
        first: 'POST /v1/events HTTP/1.1\r\nHost: localhost\r\n',
        more: 'X-Slow: 1\r\n',
      }),
      dribble(field, {
        from: '127.0.0.3',
        count: 200,
        first: head('/v1/events', 'Content-Length: 1000000'),
        more: ' ',
      }),
    ]),
  oversize: (field: Field) =>
    Promise.all([
      storm(field, {
        from: '127.0.0.4',
        count: 16,
        perSecond: 100,
        first: head('/v1/events', 'Transfer-Encoding: chunked'),
        ready(socket) {
          for (let i = 0; i < LARGE; i++) if (!socket.writable || !socket.write(CHUNK)) return;
        },
      }),
      storm(field, {
        from: '127.0.0.5',
        count: 16,
        perSecond: 100,
        first: Buffer.concat([
          Buffer.from(head('/v1/events', 'Content-Encoding: gzip', `Content-Length: ${BOMB.length}`)),
          BOMB,
        ]),
      }),
    ]),
  async flood(field: Field) {
    const open = new Set<Socket>();
    await pace(field, FLOOD, (n) => {
      if (open.size < 8) {
        const socket = field.dial('127.0.0.6', '', { gone: () => open.delete(socket) });
        open.add(socket);
      }
      const writers = [...open].filter((socket) => socket.writable && socket.writableLength < 100_000);
      if (writers.length === 0) return;
      const each = Math.ceil(n / writers.length);
      for (const socket of writers) socket.write(ONE.repeat(each));
    });
  },
  'handshake flood': (field: Field) =>
    Promise.all([
      storm(field, {
        from: '127.0.0.7',
        count: 500,
        perSecond: HANDSHAKES / 2,
        brief: true,
        first:
          'GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      }),
      storm(field, {
        from: '127.0.0.8',
        count: 500,
        perSecond: HANDSHAKES / 2,
        brief: true,
        first:
          'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      }),
    ]),
} as const;

function openField(port: number, until: number): Field & { close(): void } {
  const sockets = new Set<Socket>();
  const report: AttackReport = { connections: 0, ended: 0, megabytes: 0, answers: {}, cpu: 0 };
  let closing = false;
  return {
    report,
    over: () => performance.now() >= until,
    dial(from, first, { ready, gone, brief } = {}) {
      const socket = connect({ port, host: '127.0.0.1', localAddress: from });
      sockets.add(socket);
      report.connections++;
      let status: string | null = null;
      const answer = (text: string): void => {
        if (status !== null) return;
        status = text;
        report.answers[text] = (report.answers[text] ?? 0) + 1;
      };
      socket.on('data', (data) => {
        answer(data.subarray(9, 12).toString());
        if (brief) socket.destroy();
      });
      // Needs no handling: `close` follows and is counted.
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        report.megabytes += (socket.bytesWritten - socket.writableLength) / 1e6;
        if (closing) return;
        answer('reset');
        report.ended++;
        gone?.();
      });
      socket.write(first);
      if (ready !== undefined) {
        socket.on('connect', () => ready(socket));
        socket.on('drain', () => ready(socket));
      }
      return socket;
    },
    close() {
      closing = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function run({ attack, port, seconds }: AttackOrder): Promise<AttackReport> {
  const before = process.cpuUsage();
  const began = performance.now();
  const field = openField(port, began + seconds * SECOND);
  await ATTACKS[attack](field);
  const { user, system } = process.cpuUsage(before);
  const elapsed = performance.now() - began;
  field.close();
  await sleep(100);
  const { report } = field;
  return {
    ...report,
    megabytes: Math.round(report.megabytes),
    cpu: Math.round((user + system) / 10 / elapsed) / 100,
  };
}

answerOrders(run);
