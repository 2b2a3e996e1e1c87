import { io, type Socket } from 'socket.io-client';
import { apply, emptyContents, type Frame, type ViewContents } from '#contracts/view/frame.ts';
import type { Beat, Notice, Subscribe, SubscribeReply, Tail } from '#contracts/view/protocol.ts';
import type { ViewInfo } from '#contracts/view/view.ts';

export type Transport = 'websocket' | 'polling';

/** A connection as PROTOCOL.md describes it, without the SDK: everything that came, in order. */
export interface RawClient {
  readonly socket: Socket;
  readonly frames: Frame[];
  readonly beats: Beat[];
  readonly notices: Notice[];
  readonly tails: Tail[];
  subscribe(message: Subscribe): Promise<SubscribeReply>;
  close(): void;
}

const ANSWER_WITHIN = 20_000;

/** Rejects with what Socket.IO says of a refused entry: a refusal as `data`. */
export async function connectRaw(url: string, transport: Transport, key?: string): Promise<RawClient> {
  const auth = key === undefined ? {} : { key };
  const socket = io(url, {
    transports: [transport],
    upgrade: false,
    reconnection: false,
    forceNew: true,
    auth,
  });
  const client = { frames: [] as Frame[], beats: [] as Beat[], notices: [] as Notice[], tails: [] as Tail[] };
  socket.on('frame', (frame: Frame) => client.frames.push(frame));
  socket.on('beat', (beat: Beat) => client.beats.push(beat));
  socket.on('notice', (notice: Notice) => client.notices.push(notice));
  socket.on('tail', (tail: Tail) => client.tails.push(tail));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return {
    socket,
    ...client,
    subscribe: (message) =>
      socket.timeout(ANSWER_WITHIN).emitWithAck('subscribe', message) as Promise<SubscribeReply>,
    close: () => void socket.disconnect(),
  };
}

/** A view that is followed by the rule of PROTOCOL.md 1.4. */
export interface Followed {
  readonly info: ViewInfo;
  readonly contents: ViewContents;
  readonly first: Frame;
  /** Outcomes of `apply`, in order of arrival. */
  readonly outcomes: string[];
}

/** `silent` does not acknowledge what it applies. */
export async function follow(
  client: RawClient,
  message: Subscribe,
  { held = emptyContents(), silent = false }: { held?: ViewContents; silent?: boolean } = {},
): Promise<Followed> {
  const waiting: Frame[] = [];
  let take = (frame: Frame) => void waiting.push(frame);
  client.socket.on('frame', (frame: Frame) => take(frame));
  const reply = await client.subscribe(message);
  if (!reply.ok) throw new Error(`${reply.error.code}: ${reply.error.message}`);
  const followed: Followed = { info: reply.info, contents: held, first: reply.frame, outcomes: [] };
  take = (frame) => {
    for (const change of frame.views) {
      if (change.view === reply.info.view) followed.outcomes.push(apply(held, frame, change));
    }
    if (!silent) client.socket.emit('ack', { to: frame.to });
  };
  take(reply.frame);
  for (const frame of waiting) take(frame);
  return followed;
}

/** The contents as plain data: group → window start → values. Series without a cell are left out. */
export function plain(contents: ViewContents): Record<string, Record<string, (number | null)[]>> {
  const series = [...contents.series.values()].filter((s) => s.cells.size > 0);
  return Object.fromEntries(series.map((s) => [s.group.join('/'), Object.fromEntries(s.cells)]));
}

/** Sum of the first output over all windows, for each group. */
export function totals(contents: ViewContents): Record<string, number> {
  const series = [...contents.series.values()].filter((s) => s.cells.size > 0);
  return Object.fromEntries(
    series.map((s) => [
      s.group.join('/'),
      [...s.cells.values()].reduce((sum, [first]) => sum + (first ?? 0), 0),
    ]),
  );
}
