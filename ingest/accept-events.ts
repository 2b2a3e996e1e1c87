import { readMediaType } from '#contracts/body/read-media-type.ts';
import { splitBody } from '#contracts/body/split-body.ts';
import { ERRORS, type ErrorCode, type Fault, ok, type Result, refuse } from '#contracts/errors.ts';
import type { EventLimits, PostAnswer } from '#contracts/event/event.ts';
import { codeOf } from '#platform/process/code-of.ts';
import type { Logger } from '#platform/process/reporting/logger.ts';
import { runInTurns } from '#platform/process/tasks/turns.ts';
import type { BlockWriter } from './block-writer.ts';
import type { ByteBudget } from './byte-budget.ts';
import { type CheckedBody, checkEvents } from './core/check-events.ts';
import { readEventsQuery } from './core/read-events-query.ts';
import { type EncodedBody, readBody } from './read-body.ts';
import type { RefusedEvents } from './rejection-writer.ts';

export interface EventsRequest {
  contentType: string | undefined;
  query: Readonly<Record<string, unknown>>;
  body: EncodedBody;
  /** Returns why the sender may not send events, or history; null if it may. */
  forbid(imported: boolean): Fault | null;
  /** Reports that it is refused, with what was read of it. */
  refused(fault: Fault, text: Uint8Array): void;
  /** Reports events of it that are refused. */
  eventsRefused(events: RefusedEvents): void;
  /** Counts what was received against the sender's limits. */
  spend(measure: 'events' | 'bytes', n: number): void;
}

export interface AcceptDeps {
  limits: EventLimits;
  skew: number;
  budget: ByteBudget;
  blocks: BlockWriter;
  /** Of imported events. */
  imports: BlockWriter;
  clock: () => number;
  logger: Logger;
}

/**
 * The way of a request, step by step: a refusal ends it, and is reported; bad events are set aside on the way.
 * It resolves only when every accepted event is durable.
 */
export async function acceptEvents(request: EventsRequest, deps: AcceptDeps): Promise<Result<PostAnswer>> {
  const { limits, skew, budget, clock } = deps;
  const refused = (fault: Fault, text: Uint8Array = NOTHING): Result<never> => {
    request.refused(fault, text);
    return { ok: false, fault };
  };
  const query = readEventsQuery(request.query);
  if (!query.ok) return refused(query.fault);
  const { sentAt, imported } = query.value;
  const forbidden = request.forbid(imported);
  if (forbidden !== null) return refused(forbidden);
  const { result: body, head, held } = await readBody(request.body, limits.batchBytes, budget);
  try {
    // What was compressed is counted by what it unpacks to as well: that is the work.
    if (request.body.encoding !== undefined) request.spend('bytes', held);
    if (!body.ok) return refused(body.fault, head);
    const split = await runInTurns(
      splitBody(body.value, readMediaType(request.contentType), limits.batchEvents),
    );
    if (!split.ok) {
      request.spend('bytes', held);
      return refused(split.fault, body.value);
    }
    const received = clock();
    request.spend('events', split.value.spans.length);
    const taken = await runInTurns(checkEvents(body.value, split.value, limits, { received, sentAt, skew }));
    // What is refused costs its sender twice, and the answer: it is never cheaper than what is taken.
    if (taken.rejected > 0) {
      request.spend('bytes', taken.refusedBytes);
      request.eventsRefused({ ...taken, status: statusOf(taken) });
    }
    const blocks = imported ? deps.imports : deps.blocks;
    const stored = await append(taken, received, { logger: deps.logger, blocks });
    return stored.ok ? stored : refused(stored.fault);
  } finally {
    budget.release(request.body.sender, held);
  }
}

const NONE_STORED =
  'The events could not be stored and none is acknowledged; send them again with the same ids.';
/** Codes whose message is passed on to the sender. */
const KNOWN: readonly ErrorCode[] = ['disk_full', 'data_folder_lost'];

const NOTHING = new Uint8Array(0);

/** Returns the status of the answer if every event was refused: that of the first error; else null. */
const statusOf = ({ events, duplicates, errors: [first] }: CheckedBody): number | null =>
  first === undefined || events.length + duplicates > 0 ? null : ERRORS[first.code].status;

async function append(
  taken: CheckedBody,
  received: number,
  { blocks, logger }: Pick<AcceptDeps, 'blocks' | 'logger'>,
): Promise<Result<PostAnswer>> {
  let late: number;
  try {
    late = await blocks.write(taken.events, received);
  } catch (error) {
    const code = codeOf(error);
    const why = KNOWN.includes(code) ? ` ${(error as Error).message}` : '';
    // What the disk refuses is refused again and again, and is logged where it is found: once.
    if (why === '') logger.error({ code: 'log_unavailable', err: error }, 'cannot append events to the Log');
    return refuse(why === '' ? 'log_unavailable' : code, `${NONE_STORED}${why}`);
  }
  const { duplicates, rejected, errors } = taken;
  const omitted = rejected - errors.length;
  const account = { accepted: taken.events.length, late, duplicates, rejected, errors };
  return ok(omitted === 0 ? account : { ...account, omitted });
}
