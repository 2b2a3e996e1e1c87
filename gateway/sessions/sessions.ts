import { lackOf } from '#contracts/view/backfill-progress.ts';
import type { Beat, Status, Tail } from '#contracts/view/protocol.ts';
import type { Caller } from '#platform/access/caller.ts';
import { codeOf } from '#platform/process/code-of.ts';
import { takeTurn } from '#platform/process/tasks/turns.ts';
import type { EndedView, LiveView } from '../core/view/live-view.ts';
import type { ViewHub } from '../core/view-hub.ts';
import type { GatewayDeps, GatewaySettings } from '../deps.ts';
import { createAdmission } from '../sockets/admission.ts';
import { createPeer, type Encoded, type Room } from '../sockets/peer.ts';
import {
  createSocketServer,
  encodeMessage,
  type SocketClient,
  type SocketLink,
  type SocketServer,
} from '../sockets/socket-server.ts';
import type { Feed } from '../views/update-tail.ts';
import type { ViewDesk } from '../views/view-service.ts';
import { createKeyHolders } from './connections-per-key.ts';
import { createRevokedDisconnector } from './disconnect-revoked.ts';
import { createDrain } from './drain-sessions.ts';
import { createEventTail } from './event-tail.ts';
import { FanOut } from './fan-out.ts';
import { createFlusher } from './frame-pacer.ts';
import { createReaders } from './readers.ts';
import { Session, type SessionDeps } from './session.ts';

export interface Sessions {
  attach: SocketServer['attach'];
  changed(): void;
  ended(views: readonly EndedView[]): void;
  /** Who has the first view has the second from now on, and gets a snapshot of it. Both have one id. */
  moved(from: LiveView, to: LiveView): void;
  /** Sends every client its beat, and every room a frame, so that no cursor is older than a second. */
  beat(status: Status): Promise<void>;
  /** Disconnects sessions whose key was revoked or has expired. */
  disconnectRevoked(): void;
  readonly count: number;
  /** Tells everybody to go, each at a moment of its own, and closes what is left then. */
  drain(): Promise<void>;
}

/** ms that a connection may last which nobody enters with. */
const ENTER_WITHIN = 10_000;

/** All connections of this gateway. */
export function createSessions(
  settings: GatewaySettings,
  deps: GatewayDeps,
  feed: Pick<Feed, 'hub' | 'atRest'>,
  desk: ViewDesk,
): Sessions {
  const { clock, keyring, logger, metrics } = deps;
  const sessions = new Set<Session>();
  const admission = createAdmission(settings, deps);
  const readers = createReaders<Session>();
  const holders = createKeyHolders(keyring, settings.connectionsPerKey);
  const failed = (error: unknown): void =>
    logger.error({ err: error, code: codeOf(error) }, 'socket session failed');
  const fanOut = createFanOut(settings, deps, feed, desk);
  const flusher = createFlusher((all) => fanOut.flush(all), settings.frame, failed);
  const sendTail = (tail: Tail): void => {
    const message = encodeMessage('tail', tail);
    for (const { peer } of sessions) if (peer.tail) peer.link.write(message);
  };
  const eventTail = createEventTail(deps, sendTail);
  const sessionDeps = {
    desk,
    fanOut,
    holders,
    readers,
    views: settings.views,
    messages: settings.messages,
    clock,
    tailChanged: () => eventTail.watch([...sessions].some((s) => s.peer.tail)),
    caughtUp: () => flusher.request(),
    failed,
  };
  const sockets = createSocketServer(
    { ...settings, enterWithin: ENTER_WITHIN },
    {
      check: admission.check,
      opened: admission.opened,
      closed: admission.closed,
      admit: holders.admit,
      refused: (code) => metrics.add('millrace_gateway_refused_total', 1, { code }),
      failed,
      connected: (link, caller) => enter(link, caller, { sessions, fanOut, sessionDeps }),
    },
  );
  const disconnectRevoked = createRevokedDisconnector(sessions, deps, failed);
  const drain = createDrain(sessions, settings.spread);
  return {
    attach: sockets.attach,
    changed: () => flusher.request(),
    ended(views) {
      for (const { view, fault } of views) {
        for (const session of readers.of(view)) session.ended(view.id, fault);
      }
    },
    moved(from, to) {
      for (const session of readers.of(from)) session.moved(to);
      // Also where nothing has changed since: the snapshot is due.
      void flusher.all();
    },
    async beat(status) {
      await flusher.all();
      for (const room of [...fanOut.rooms.values()]) {
        await writeAll(room, encodeMessage('beat', beatOf(room, feed.hub, { time: clock(), status })));
      }
    },
    disconnectRevoked,
    get count() {
      return sessions.size;
    },
    async drain() {
      admission.close();
      await drain();
      await flusher.close();
      await eventTail.close();
      await sockets.close();
    },
  };
}

function createFanOut(
  settings: GatewaySettings,
  { catalog, metrics }: GatewayDeps,
  feed: Pick<Feed, 'hub' | 'atRest'>,
  desk: ViewDesk,
): FanOut {
  return new FanOut({
    hub: () => feed.hub,
    atRest: feed.atRest,
    identity: catalog.identity,
    infoOf: desk.infoOf,
    encode: encodeMessage,
    yieldTurn: takeTurn,
    credit: settings.credit,
    wrote: (frames, bytes) => {
      metrics.add('millrace_gateway_frames_total', frames);
      metrics.add('millrace_gateway_frame_bytes_total', bytes);
    },
  });
}

interface House {
  sessions: Set<Session>;
  fanOut: FanOut;
  sessionDeps: SessionDeps;
}

/** A client comes in. */
function enter(link: SocketLink, caller: Caller, { sessions, fanOut, sessionDeps }: House): SocketClient {
  const session = new Session(createPeer(link), link, caller, sessionDeps);
  sessions.add(session);
  sessionDeps.holders.entered(caller);
  fanOut.place(session.peer);
  return {
    message: (event, payload, reply) => session.message(event, payload, reply),
    gone() {
      sessions.delete(session);
      session.gone();
    },
  };
}

/** In slices, so that other work gets its turns. */
async function writeAll({ peers }: Room, message: Encoded): Promise<void> {
  for (const { link } of peers) {
    await takeTurn();
    link.write(message);
  }
}

function beatOf({ peers }: Room, hub: ViewHub | null, { time, status }: Pick<Beat, 'time' | 'status'>): Beat {
  const [first] = peers;
  const views = [...(first?.views.values() ?? [])].map(({ id, asOf, watermark, request, version }) => {
    const filled = lackOf(hub?.fills.of(request.metric, version));
    return { view: id, asOf, watermark, ...(filled === null ? {} : { filled }) };
  });
  return { time, offset: hub?.offset ?? 0, views, status };
}
