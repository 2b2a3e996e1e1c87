import { ERRORS, type ErrorCode, type Fault } from '#contracts/errors.ts';
import type { LeftOutRecord, RejectedRecord } from '#contracts/log/rejected-record.ts';
import { createBucketTable } from '#platform/limits/bucket-table.ts';
import { networkOf } from '#platform/limits/network-of.ts';
import { createTokenBucket } from '#platform/limits/token-bucket.ts';
import type { Log } from '#platform/log/log.ts';
import { codeOf } from '#platform/process/code-of.ts';
import type { Logger } from '#platform/process/reporting/logger.ts';
import type { Metrics } from '#platform/process/reporting/metrics.ts';
import { makeRejectedRecord, type Refusal, type RequestFacts } from './core/make-rejected-record.ts';
import { createLeftOut } from './left-out.ts';

/** The request that was refused, or that held refused events. */
export interface RefusedRequest extends Omit<RequestFacts, 'network'> {
  /** The sender whose share of the limit it uses. */
  sender: string;
  /** The name of its address (`addressName`); null where it is not known. */
  address: string | null;
}

/** Refused events of one request. */
export interface RefusedEvents {
  /** How many of each code. */
  refusedCodes: ReadonlyMap<ErrorCode, number>;
  /** The first of them. */
  refused: readonly { fault: Fault; text: Uint8Array }[];
  /** Of the answer, where nothing else was in the request; else null. */
  status: number | null;
}

/**
 * Counts what was refused by its code, and writes it to the `rejected` topic. Never awaited: what does not fit is left out, and
 * how much that was is written as well, once in a while.
 */
export interface RejectionWriter {
  /** `text`: what was read of the refused body. */
  reportRequest(fault: Fault, text: Uint8Array, request: RefusedRequest): void;
  reportEvents(events: RefusedEvents, request: RefusedRequest): void;
  /** Writes what is queued, and what was left out; resolves when that is done or has failed. */
  drain(): Promise<void>;
}

export interface RejectionWriterDeps {
  log: Pick<Log, 'append'>;
  logger: Logger;
  metrics: Metrics;
  clock: () => number;
}

const MAX_QUEUED = 2_000;
/** Bytes of records that may be written at once, in seconds of the rate. */
const BURST = 10;
/** The part of the rate that one sender, and one code, may have. */
const PART = 1 / 4;
/** ms between two records of what was left out. */
const SAY_EVERY = 10_000;

/** `rate` is bytes a second: the topic is written for people, and refused events shall not fill the Log. */
export function createRejectionWriter(rate: number, deps: RejectionWriterDeps): RejectionWriter {
  const { metrics, clock } = deps;
  const room = createRoom(rate);
  const encoder = new TextEncoder();
  let queue: { record: RejectedRecord | LeftOutRecord; value: Uint8Array }[] = [];
  let running: Promise<void> | null = null;

  const leaveOut = (code: ErrorCode, count: number): void => {
    metrics.add('millrace_ingest_rejected_dropped_total', count, { code });
    leftOut.add(code, count);
  };
  const lose = (record: RejectedRecord | LeftOutRecord): void => {
    if ('leftOut' in record) leftOut.restore(record);
    else leaveOut(record.code, 1);
  };
  const flush = async (): Promise<void> => {
    while (queue.length > 0) {
      const entries = queue;
      queue = [];
      try {
        await deps.log.append(
          'rejected',
          0,
          entries.map(({ value }) => ({ key: null, value, headers: {} })),
        );
      } catch (error) {
        for (const { record } of entries) lose(record);
        if (codeOf(error) === 'log_unavailable')
          deps.logger.warn(
            { code: 'log_unavailable', err: error },
            'cannot write refused events to the rejected topic',
          );
      }
    }
  };
  const push = (record: RejectedRecord | LeftOutRecord): number => {
    const value = encoder.encode(JSON.stringify(record));
    queue.push({ record, value });
    running ??= flush().finally(() => {
      running = null;
    });
    return value.length;
  };
  const leftOut = createLeftOut({ clock, every: SAY_EVERY }, push);

  const record = (refusal: Omit<Refusal, 'time'>, { sender, address, ...facts }: RefusedRequest): void => {
    const { code } = refusal.fault;
    const time = clock();
    // Checked before the record is made: what is left out costs nothing.
    if (queue.length >= MAX_QUEUED || !room.has(sender, code, time)) {
      leaveOut(code, 1);
      return;
    }
    const network = address === null ? null : networkOf(address);
    const bytes = push(makeRejectedRecord({ time, ...refusal }, { ...facts, network }));
    room.spend(sender, code, bytes, time);
  };
  const count = (of: 'request' | 'event', code: ErrorCode, n: number): void =>
    metrics.add('millrace_ingest_refused_total', n, { of, code });

  return {
    reportRequest(fault, text, request) {
      count('request', fault.code, 1);
      record({ fault, text, status: ERRORS[fault.code].status }, request);
    },
    reportEvents({ refusedCodes, refused, status }, request) {
      const rest = new Map(refusedCodes);
      for (const { fault, text } of refused) {
        rest.set(fault.code, (rest.get(fault.code) ?? 0) - 1);
        record({ fault, text, status }, request);
      }
      for (const [code, n] of refusedCodes) count('event', code, n);
      for (const [code, n] of rest) if (n > 0) leaveOut(code, n);
    },
    async drain() {
      leftOut.say();
      await running;
      leftOut.stop();
    },
  };
}

/** Room for records: of all, of each sender and of each code, so that a flood of one kind hides no other. */
function createRoom(rate: number) {
  const part = { rate: rate * PART, burst: rate * BURST * PART };
  const all = createTokenBucket(rate, rate * BURST);
  const senders = createBucketTable(part);
  const codes = createBucketTable(part);
  return {
    has: (sender: string, code: ErrorCode, time: number): boolean =>
      all.consume(0, time) === 0 &&
      codes.consume(code, 0, time) === 0 &&
      senders.consume(sender, 0, time) === 0,
    spend(sender: string, code: ErrorCode, bytes: number, time: number): void {
      all.spend(bytes, time);
      codes.spend(code, bytes, time);
      senders.spend(sender, bytes, time);
    },
  };
}
