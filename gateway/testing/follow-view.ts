import type { Socket } from 'socket.io-client';
import { apply, emptyContents, type Frame, type ViewContents } from '#contracts/view/frame.ts';
import type { Beat, Notice, Subscribe, SubscribeReply, Tail } from '#contracts/view/protocol.ts';

/** All that a socket was sent, and the contents of the views it asked for. */
export interface Followed {
  frames: Frame[];
  beats: Beat[];
  notices: Notice[];
  tails: Tail[];
  outcomes: string[];
  contents: Map<string, ViewContents>;
  subscribe(message: unknown): Promise<SubscribeReply>;
}

export function follow(socket: Socket, acknowledge = true): Followed {
  const followed: Followed = {
    frames: [],
    beats: [],
    notices: [],
    tails: [],
    outcomes: [],
    contents: new Map(),
    subscribe: async (message) => {
      const reply: SubscribeReply = await socket.timeout(10_000).emitWithAck('subscribe', message);
      if (reply.ok)
        take(reply.frame, (message as Subscribe).cursor ? followed.contents.get(reply.info.view) : undefined);
      return reply;
    },
  };
  const take = (frame: Frame, held?: ViewContents): void => {
    for (const change of frame.views) {
      const contents = held ?? followed.contents.get(change.view) ?? emptyContents();
      followed.contents.set(change.view, contents);
      followed.outcomes.push(apply(contents, frame, change));
    }
  };
  socket.on('frame', (frame: Frame) => {
    followed.frames.push(frame);
    take(frame);
    if (acknowledge) socket.emit('ack', { to: frame.to });
  });
  socket.on('beat', (beat: Beat) => followed.beats.push(beat));
  socket.on('notice', (notice: Notice) => followed.notices.push(notice));
  socket.on('tail', (tail: Tail) => followed.tails.push(tail));
  return followed;
}

/** Group → window start → first value. */
export function plain(contents: ViewContents | undefined): Record<string, Record<number, number | null>> {
  const series = [...(contents?.series.values() ?? [])];
  return Object.fromEntries(
    series.map(({ group, cells }) => [
      group.join(),
      Object.fromEntries([...cells].map(([at, [value]]) => [at, value!])),
    ]),
  );
}
