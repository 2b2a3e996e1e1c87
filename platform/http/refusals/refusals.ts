import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ERRORS, type ErrorCode, type Fault } from '#contracts/errors.ts';
import { cutText } from '#contracts/text/shown.ts';
import type { Logger } from '#platform/process/reporting/logger.ts';
import type { Metrics } from '#platform/process/reporting/metrics.ts';

export type RefusalListener = (request: FastifyRequest, fault: Fault) => void;

/** `request`: the one whose body was arriving; null where the bytes were not a request, or the head of one was incomplete. */
export type BytesListener = (fault: Fault, request: IncomingMessage | null) => void;

/** Every problem that a server answers with, be it from hooks, routes or Fastify itself. */
export interface Refusals {
  /** Counts a refusal by its code, logs it, and notifies the listeners. */
  note(request: FastifyRequest, fault: Fault): void;
  /** The same for bytes that the server's parser refuses, or does not get in time. */
  noteBytes(fault: Fault, request: IncomingMessage | null): void;
  listen(listener: RefusalListener): void;
  listenToBytes(listener: BytesListener): void;
}

declare module 'fastify' {
  interface FastifyInstance {
    refusals?: Refusals;
  }
}

export interface RefusalDeps {
  metrics: Metrics;
  logger: Logger;
  now: () => number;
}

/** ms between two lines of one code in the log. */
const QUIET = 10_000;

/** Counters and log lines are kept by code, so callers cannot multiply them. */
export function watchRefusals(server: FastifyInstance, { metrics, logger, now }: RefusalDeps): void {
  const listeners: RefusalListener[] = [];
  const bytesListeners: BytesListener[] = [];
  const logged = new Map<ErrorCode, { at: number; unsaid: number }>();

  const log = ({ code, message }: Fault, method: string): void => {
    const last = logged.get(code);
    if (last !== undefined && now() - last.at < QUIET) {
      last.unsaid++;
      return;
    }
    logged.set(code, { at: now(), unsaid: 0 });
    const example = cutText(message, 300);
    logger.info({ code, method, example, before: last?.unsaid ?? 0 }, 'requests refused');
  };
  const count = (fault: Fault, method: string): void => {
    metrics.add('millrace_http_refusals_total', 1, { code: fault.code });
    // Faults of Millrace itself are logged where they are met.
    if (ERRORS[fault.code].status < 500) log(fault, method);
  };
  server.decorate('refusals', {
    noteBytes(fault, request) {
      count(fault, request?.method ?? 'none');
      for (const listener of bytesListeners) listener(fault, request);
    },
    note(request, fault) {
      count(fault, request.method);
      for (const listener of listeners) listener(request, fault);
    },
    listen: (listener) => void listeners.push(listener),
    listenToBytes: (listener) => void bytesListeners.push(listener),
  } satisfies Refusals);
}
