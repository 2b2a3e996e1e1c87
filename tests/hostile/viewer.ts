import { WebSocket } from 'ws';
import type { Subscribe, SubscribeReply } from '#contracts/view/protocol.ts';

/** A minimal connection of the live protocol: thousands of messages and views cost its owner little. */
export interface Viewer {
  subscribe(message: Subscribe): Promise<SubscribeReply>;
  /** Any text, such as a message of wrong shape. */
  write(text: string): void;
  /** Frames and notices that came. */
  readonly received: { frames: number; bytes: number; notices: string[] };
  readonly closed: boolean;
  close(): void;
}

const ANSWER_WITHIN = 60_000;
const GONE: SubscribeReply = {
  ok: false,
  error: { code: 'internal', message: 'The connection is gone, or no answer came.', retry: true },
};

/** Resolves once it is accepted; rejects when it is refused. */
export function openViewer(url: string, key: string | null = null, from = '127.0.0.2'): Promise<Viewer> {
  const address = `${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
  const socket = new WebSocket(address, { localAddress: from, perMessageDeflate: false });
  const answers = new Map<number, (reply: SubscribeReply) => void>();
  const received = { frames: 0, bytes: 0, notices: [] as string[] };
  let calls = 0;
  let closed = false;
  const { promise, resolve, reject } = Promise.withResolvers<Viewer>();

  const read = (text: string): void => {
    if (text === '2') socket.send('3');
    else if (text.startsWith('0')) socket.send(`40${JSON.stringify(key === null ? {} : { key })}`);
    else if (text.startsWith('40')) resolve(viewer);
    else if (text.startsWith('44')) reject(new Error(text));
    else if (text.startsWith('43')) {
      const from = text.indexOf('[');
      answers.get(Number(text.slice(2, from)))?.((JSON.parse(text.slice(from)) as [SubscribeReply])[0]);
    } else if (text.startsWith('42["frame"')) {
      received.frames++;
      received.bytes += text.length;
      const to = /"to":(\d+)/.exec(text)?.[1];
      if (to !== undefined) socket.send(`42["ack",{"to":${to}}]`);
    } else if (text.startsWith('42["notice"')) received.notices.push(text);
  };
  const viewer: Viewer = {
    received,
    get closed() {
      return closed;
    },
    write: (text) => socket.send(text),
    subscribe(message) {
      const call = calls++;
      return new Promise((settle) => {
        const answer = (reply: SubscribeReply): void => {
          clearTimeout(timer);
          answers.delete(call);
          settle(reply);
        };
        const timer = setTimeout(() => answer(GONE), ANSWER_WITHIN);
        answers.set(call, answer);
        socket.send(`42${call}${JSON.stringify(['subscribe', message])}`, (error) => error && answer(GONE));
      });
    },
    close: () => socket.terminate(),
  };
  socket.on('message', (data) => read(String(data)));
  socket.on('error', reject);
  socket.on('close', () => {
    closed = true;
    for (const answer of [...answers.values()]) answer(GONE);
    reject(new Error('The connection was closed before it was let in.'));
  });
  return promise;
}
