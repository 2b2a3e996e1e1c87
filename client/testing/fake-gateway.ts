import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import type {
  ClientToServer,
  Notice,
  ServerToClient,
  Subscribe,
  SubscribeReply,
} from '#contracts/view/protocol.ts';
import { answerOf, type CountState, frameOf } from './count-view.ts';

type GatewaySocket = Socket<ClientToServer, ServerToClient>;
type Answer = (message: Subscribe) => SubscribeReply | null;

/** One view of one metric, `counts`, spoken as PROTOCOL.md says; the test moves it by hand. */
export interface FakeGateway {
  readonly url: string;
  readonly port: number;
  /** What clients sent, in order. */
  readonly asked: Subscribe[];
  readonly acks: number[];
  readonly unsubscribed: string[];
  readonly tails: boolean[];
  readonly sockets: ReadonlySet<GatewaySocket>;
  /** Adds one change at the next offset and sends it; `send: false` keeps it for clients that resume. */
  set(window: number, value: number, send?: boolean): void;
  sendRaw(name: 'frame' | 'beat' | 'notice' | 'tail', body: unknown): void;
  notice(notice: Notice): void;
  /** Replaces the next answer to a subscription; with null it gets none. */
  answerOnce(answer: Answer): void;
  /** Returns what it would answer. */
  answer(message: Subscribe): SubscribeReply;
  dropAll(): void;
  close(): Promise<void>;
}

/** `messageBytes`: the largest message it accepts; `told`: the limit that it announces. */
export async function startFakeGateway(
  port = 0,
  messageBytes = 1e6,
  told = messageBytes,
): Promise<FakeGateway> {
  const http = createServer((_, response) => response.end('ok'));
  const io = new Server<ClientToServer, ServerToClient>(http, {
    serveClient: false,
    maxHttpBufferSize: messageBytes,
  });
  const state: CountState = { offset: 100, cells: new Map() };
  const seen = {
    asked: [] as Subscribe[],
    acks: [] as number[],
    unsubscribed: [] as string[],
    tails: [] as boolean[],
  };
  const sockets = new Set<GatewaySocket>();
  const answers: Answer[] = [];
  io.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('disconnect', () => sockets.delete(socket));
    socket.on('subscribe', (message, reply) => {
      seen.asked.push(message);
      const answer = (answers.shift() ?? ((m) => answerOf(state, m)))(message);
      if (answer !== null) reply(answer);
    });
    socket.on('unsubscribe', ({ view }) => seen.unsubscribed.push(view));
    socket.on('ack', ({ to }) => seen.acks.push(to));
    socket.on('tail', ({ on }) => seen.tails.push(on));
  });
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  // WebSocket reads the limit when the server starts to listen: the announced limit may differ from then on.
  io.engine.opts.maxHttpBufferSize = told;
  const bound = (http.address() as AddressInfo).port;
  return {
    ...seen,
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    sockets,
    set(window, value, send = true) {
      const from = state.offset++;
      state.cells.set(window, { value, at: state.offset });
      if (send) io.emit('frame', frameOf(state, from, [window], {}));
    },
    sendRaw: (name, body) => void io.emit(name, body as never),
    notice: (notice) => void io.emit('notice', notice),
    answerOnce: (answer) => void answers.push(answer),
    answer: (message) => answerOf(state, message),
    dropAll: () => {
      for (const socket of sockets) socket.conn.close();
    },
    close: () => closeServer(io, http),
  };
}

async function closeServer(io: Server, http: HttpServer): Promise<void> {
  await io.close();
  http.closeAllConnections();
}
