/** Plain Socket.IO as its documentation shows it, sending what the gateway sends: the reference of the fan-out benchmarks. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import type { Frame } from '#contracts/view/frame.ts';
import { changing, SERIES, serveFanOut } from './fan-out-serve.ts';

/** Bytes that may wait in a socket of ours before a tick is left out: Socket.IO itself has no bound. */
const WAITING = 262_144;
const http = createServer();
const io = new Server(http, { serveClient: false });
io.on('connection', (socket) => void socket.join('room'));
const start = Math.floor(Date.now() / 60_000) * 60_000;
const indices = Array.from({ length: SERIES }, (_, series) => series);

function frameOf(tick: number): Frame {
  const view = {
    view: '0123456789abcdef',
    version: 1,
    received: Date.now(),
    watermark: start,
    asOf: start,
    start,
    end: start + 60_000,
    windows: [start + 50_000],
    at: indices.map(() => 0),
    series: indices,
    values: [indices.map((series) => changing(series, tick))],
    partial: [],
  };
  return { epoch: '018f6e2a-0000-4000-8000-000000000000', from: tick, to: tick + 1, views: [view] };
}

interface Inner {
  transport: { socket?: { _socket?: { writableLength: number } } };
}
const waiting = (): number => {
  for (const { conn } of io.sockets.sockets.values()) {
    return (conn as unknown as Inner).transport.socket?._socket?.writableLength ?? 0;
  }
  return 0;
};

http.listen(0, '127.0.0.1', () =>
  serveFanOut((http.address() as AddressInfo).port, (tick) => {
    if (waiting() > WAITING) return false;
    io.to('room').emit('frame', frameOf(tick));
    return true;
  }),
);
