import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ERRORS, type Fault } from '#contracts/errors.ts';
import type { Sender } from '#platform/http/callers/request-sender.ts';
import type {} from '#platform/http/refusals/refusals.ts';
import type { IngestCounters } from '../counters.ts';
import type { RefusedEvents, RefusedRequest, RejectionWriter } from '../rejection-writer.ts';

/** Reports what is refused of requests to send events, wherever that happens. */
export interface RefusalReports {
  /** To be called when the pipeline takes a request: from then on that reports what it refuses of it. */
  ofPipeline(request: FastifyRequest): PipelineReports;
}

export interface PipelineReports {
  refused(fault: Fault, text: Uint8Array): void;
  eventsRefused(events: RefusedEvents): void;
  /** Returns what the sender was told: the parser may have answered already, when the body ended too early or too late. */
  toldOf(fault: Fault): Fault;
}

/** Of bytes that are not a request nothing is known. */
const NO_REQUEST: RefusedRequest = {
  sender: 'no request',
  address: null,
  agent: null,
  key: null,
  authorization: null,
};
const NOTHING = new Uint8Array(0);

/** `path` is the address that events are posted to. */
export function reportRefusals(
  app: FastifyInstance,
  path: string,
  { rejected, tally }: { rejected: RejectionWriter; tally: IngestCounters },
): RefusalReports {
  const judged = new WeakSet<FastifyRequest>();
  const told = new WeakMap<IncomingMessage, Fault>();
  app.refusals?.listen((request, fault) => {
    // What the pipeline refuses it has reported itself, with the text.
    if (judged.has(request) || !isPosting(request, fault, path)) return;
    if (pathOf(request) === path) tally.answered(ERRORS[fault.code].status, null);
    rejected.reportRequest(fault, NOTHING, describeRequest(request));
  });
  app.refusals?.listenToBytes((fault, request) => {
    // Who reads the body learns that it has ended, and reports it with what there is of it.
    if (request === null) rejected.reportRequest(fault, NOTHING, NO_REQUEST);
    else told.set(request, fault);
  });
  return {
    ofPipeline(request) {
      judged.add(request);
      const toldOf = (fault: Fault): Fault => told.get(request.raw) ?? fault;
      return {
        toldOf,
        refused: (fault, text) => rejected.reportRequest(toldOf(fault), text, describeRequest(request)),
        eventsRefused: (events) => rejected.reportEvents(events, describeRequest(request)),
      };
    },
  };
}

const pathOf = ({ url }: FastifyRequest): string => url.split('?')[0]!;

/** Whether the request was meant to send events: to their address, or to one that does not exist. */
const isPosting = (request: FastifyRequest, { code }: Fault, path: string): boolean =>
  pathOf(request) === path
    ? request.method === 'POST' || code === 'method_not_allowed'
    : request.method === 'POST' && code === 'not_found' && request.routeOptions.url === undefined;

function describeRequest(request: FastifyRequest): RefusedRequest {
  const { keyId, headers } = request;
  const sender: Sender | undefined = request.sender;
  return {
    sender: senderOf(request),
    address: sender?.address ?? null,
    agent: headers['user-agent'] ?? null,
    key: keyId,
    authorization: headers.authorization ?? null,
  };
}

/** A request whose address cannot be decoded is refused before its sender is identified. */
export function senderOf({ sender }: { sender: Sender | undefined }): string {
  return sender === undefined ? 'unknown' : (sender.key ?? sender.address);
}
