/**
 * The load of the fan-out benchmarks, a process of its own: opens sockets on request and counts what they receive.
 * `node fan-out-load.ts <port> <subscription as JSON, or null>`, spoken to over the channel of its parent.
 */
import { LoadSocket, type Received } from './fan-out-socket.ts';

const AT_ONCE = 100;
const ACK_WITHIN = 250;
const SWEEP = 25;
const port = Number(process.argv[2]);
const subscribe = JSON.parse(process.argv[3]!) as object | null;
const received: Received = { messages: 0, frames: 0, bytes: 0 };

let owing: { socket: LoadSocket; due: number }[] = [];
setInterval(() => {
  const now = performance.now();
  const late = owing.findIndex(({ due }) => due > now);
  const due = late < 0 ? owing : owing.slice(0, late);
  owing = late < 0 ? [] : owing.slice(late);
  for (const { socket } of due) socket.acknowledge();
}, SWEEP);

const failed = (error: Error): void => {
  console.error(error.message);
  process.exit(1);
};
const owes = (socket: LoadSocket): void => {
  owing.push({ socket, due: performance.now() + ACK_WITHIN });
};
const open = (): Promise<void> =>
  new Promise((ready) => new LoadSocket({ port, subscribe, received, ready, failed, owes }));

async function openMany(count: number): Promise<void> {
  let left = count;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await open();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

process.on('disconnect', () => process.exit());
process.on('message', async (ask: { open?: number }) => {
  if (ask.open !== undefined) await openMany(ask.open);
  const { user, system } = process.cpuUsage();
  process.send!({ ...received, cpu: user + system });
});
process.send!({ listening: port });
