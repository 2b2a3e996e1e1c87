import { setTimeout as sleep } from 'node:timers/promises';
import { lackOf } from '#contracts/view/backfill-progress.ts';
import type { Beat, Status, Tail } from '#contracts/view/protocol.ts';
import type { Caller } from '#platform/access/caller.ts';
import { codeOf } from '#platform/process/code-of.ts';
import { awaitTurn } from '#platform/process/tasks/turns.ts';
import type { EndedView, OpenView } from '../core/view/live-view.ts';
import type { ViewHub } from '../core/view-hub.ts';
import type { GatewayDeps, GatewaySettings } from '../deps.ts';
import { createAdmission } from '../sockets/admission.ts';
import type { Encoded } from '../sockets/link.ts';
import { refusalOf } from '../sockets/refuse-request.ts';
import {
  createSocketServer,
  encodeMessage,
  type SocketClient,
  type SocketLink,
  type SocketServer,
} from '../sockets/socket-server.ts';
import type { UpdateTail } from '../views/update-tail.ts';
import type { ViewService } from '../views/view-service.ts';
import { createConnectionsPerKey } from './connections-per-key.ts';
import { createRevokedDisconnector } from './disconnect-revoked.ts';
import { encodeFrame } from './encode-frame.ts';
import { createEventTail } from './event-tail.ts';
import { FanOut } from './fan-out.ts';
import { createFramePacer } from './frame-pacer.ts';
import { createReaders } from './readers.ts';
import { Session, type SessionDeps } from './session.ts';
import { createSubscriber, type SubscriptionGroup } from './subscriber.ts';

export interface Sessions {
  attach: SocketServer['attach'];
  changed(): void;
  ended(views: readonly EndedView[]): void;
  /** Gives readers of the first view the second one instead, with a snapshot. Both have the same id. */
  moved(from: OpenView, to: OpenView): void;
  /** Sends every client a frame and the `beat` message, so that no cursor is older than a second. */
  sendHeartbeat(status: Status): Promise<void>;
  /** Disconnects sessions whose key was revoked or has expired. */
  disconnectRevoked(): void;
  readonly count: number;
  /** Asks every client to leave, spread over time, then closes the connections that remain. */
  drain(): Promise<void>;
}

/** A connection that is not authenticated within this time is closed. */
const AUTHENTICATION_TIMEOUT_MS = 10_000;
/** How often draining checks whether all sessions have ended. */
const DRAIN_CHECK_MS = 50;

/** All connections of this gateway. */
export function createSessions(
  settings: GatewaySettings,
  deps: GatewayDeps,
  updateTail: Pick<UpdateTail, 'hub' | 'atRest'>,
  viewService: ViewService,
): Sessions {
  const { clock, keyring, logger, metrics } = deps;
  const sessions = new Set<Session>();
  const admission = createAdmission(settings, deps);
  const readers = createReaders<Session>();
  const connectionsPerKey = createConnectionsPerKey(keyring, settings.connectionsPerKey);
  const failed = (error: unknown): void =>
    logger.error({ err: error, code: codeOf(error) }, 'socket session failed');
  const fanOut = createFanOut(settings, deps, updateTail, viewService);
  const framePacer = createFramePacer((all) => fanOut.flush(all), settings.frame, failed);
  const sendTail = (tail: Tail): void => {
    const message = encodeMessage('tail', tail);
    for (const { subscriber } of sessions) if (subscriber.tail) subscriber.link.write(message);
  };
  const eventTail = createEventTail(deps, sendTail);
  const sessionDeps = {
    viewService,
    fanOut,
    connectionsPerKey,
    readers,
    views: settings.views,
    messages: settings.messages,
    clock,
    tailChanged: () => eventTail.watch([...sessions].some((s) => s.subscriber.tail)),
    caughtUp: () => framePacer.request(),
    failed,
  };
  const sockets = createSocketServer(
    { ...settings, authenticationTimeout: AUTHENTICATION_TIMEOUT_MS },
    {
      check: admission.check,
      opened: admission.opened,
      closed: admission.closed,
      authenticate: connectionsPerKey.authenticate,
      refused: (code) => metrics.add('millrace_gateway_refused_total', 1, { code }),
      failed,
      connected: (link, caller) => openSession(link, caller, { sessions, fanOut, sessionDeps }),
    },
  );
  const disconnectRevoked = createRevokedDisconnector(sessions, deps, failed);
  return {
    attach: sockets.attach,
    changed: () => framePacer.request(),
    ended(views) {
      for (const { view, fault } of views) {
        for (const session of readers.of(view)) session.ended(view.id, fault);
      }
    },
    moved(from, to) {
      for (const session of readers.of(from)) session.moved(to);
      // The snapshot is due even where nothing has changed since.
      void framePacer.all();
    },
    async sendHeartbeat(status) {
      await framePacer.all();
      for (const group of [...fanOut.groups.values()]) {
        const heartbeat = heartbeatOf(group, updateTail.hub, { time: clock(), status });
        await writeAll(group, encodeMessage('beat', heartbeat));
      }
    },
    disconnectRevoked,
    get count() {
      return sessions.size;
    },
    async drain() {
      admission.close();
      await endSessions(sessions, settings.spread);
      await framePacer.close();
      await eventTail.close();
      await sockets.close();
    },
  };
}

function createFanOut(
  settings: GatewaySettings,
  { catalog, metrics }: GatewayDeps,
  updateTail: Pick<UpdateTail, 'hub' | 'atRest'>,
  viewService: ViewService,
): FanOut {
  return new FanOut({
    hub: () => updateTail.hub,
    atRest: updateTail.atRest,
    identity: catalog.identity,
    infoOf: viewService.infoOf,
    encode: encodeFrame,
    yieldTurn: awaitTurn,
    credit: settings.credit,
    wrote: (frames, bytes) => {
      metrics.add('millrace_gateway_frames_total', frames);
      metrics.add('millrace_gateway_frame_bytes_total', bytes);
    },
  });
}

/** What a new session needs of its surroundings. */
interface SessionContext {
  sessions: Set<Session>;
  fanOut: FanOut;
  sessionDeps: SessionDeps;
}

function openSession(
  link: SocketLink,
  caller: Caller,
  { sessions, fanOut, sessionDeps }: SessionContext,
): SocketClient {
  const session = new Session(createSubscriber(link), link, caller, sessionDeps);
  sessions.add(session);
  sessionDeps.connectionsPerKey.opened(caller);
  fanOut.place(session.subscriber);
  return {
    message: (event, payload, reply) => session.message(event, payload, reply),
    gone() {
      sessions.delete(session);
      session.gone();
    },
  };
}

/**
 * Asks every client to leave, spread over `spread` ms so that they do not reconnect together. Resolves when all have left or
 * that time is over.
 */
async function endSessions(sessions: ReadonlySet<Session>, spread: number): Promise<void> {
  const refusal = refusalOf({ code: 'shutting_down', message: 'The gateway is stopping; connect again.' });
  for (const session of sessions) {
    session.notify({ ...refusal, after: Math.floor(Math.random() * spread) });
  }
  for (let waited = 0; sessions.size > 0 && waited <= spread; waited += DRAIN_CHECK_MS)
    await sleep(DRAIN_CHECK_MS);
}

/** Writes in slices, so that other work gets its turns. */
async function writeAll({ subscribers }: SubscriptionGroup, message: Encoded): Promise<void> {
  for (const { link } of subscribers) {
    await awaitTurn();
    link.write(message);
  }
}

function heartbeatOf(
  { subscribers }: SubscriptionGroup,
  hub: ViewHub | null,
  { time, status }: Pick<Beat, 'time' | 'status'>,
): Beat {
  const [first] = subscribers;
  const views = [...(first?.views.values() ?? [])].map(({ id, asOf, watermark, filled: progress }) => {
    const filled = lackOf(progress);
    return { view: id, asOf, watermark, ...(filled === null ? {} : { filled }) };
  });
  return { time, offset: hub?.offset ?? 0, views, status };
}
