import type { Client, ViewListener, ViewSubscription } from '#client/types.ts';
import { isErrorCode } from '#contracts/errors.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import { isExpression } from '#contracts/view/asked-metric.ts';
import type { PreviewAnswer } from '#contracts/view/preview-result.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import { ApiError, type Ask } from '../app/ask.ts';
import type { Session } from '../app/session.svelte.ts';
import { contentsOf, infoOf } from './preview-contents.ts';

/** What is known of a definition that is not saved, beside its values. */
export type PreviewNotes = Pick<
  PreviewAnswer,
  'complete' | 'progress' | 'evaluated' | 'events' | 'cost' | 'similar'
>;

/** Values of a definition that is not saved, for whatever draws views. */
export interface PreviewFeed {
  /** The page's session, whose client shows the definition in place of any metric. */
  readonly session: Session;
  /** What the newest answer says; null before the first. */
  readonly notes: PreviewNotes | null;
  /** Why the definition is refused. */
  readonly fault: string | null;
}

/** Returns what a view asks for in the place of a metric, so that the client of the feed shows a definition. */
export const metricOfDefinition = (definition: object): string => JSON.stringify(definition);

/** How long after an answer it is asked for again, ms; sooner while there is more to come, later where the server has no room. */
const AGAIN = { usual: 1_000, incomplete: 100, refused: 3_000 };
/** Of a preview that is asked for as often as that, the answer before last is old, ms after its arrival. */
const OLD_AFTER = 4_000;
/** The page gives views a grace of 10 s after a tab was shown again. */
const GRACE = 10_000;

/** `isWanted`: whether the definition that is asked for is still meant; one that is not stands as it is, and ages. */
export function createPreviewFeed(session: Session, isWanted: () => boolean): PreviewFeed {
  let notes = $state.raw<PreviewNotes | null>(null);
  let fault = $state.raw<string | null>(null);
  /** Local time of the newest answer. */
  let answered = $state.raw(0);
  /** The one that is asked for: what it supersedes stands as it is. */
  let current: ViewSubscription | null = null;
  const client = withSubscribe(session.client, (request, listener) => {
    const { metric, ...view } = request;
    [notes, fault] = [null, null];
    current?.close();
    current = null;
    // What is computed from others is a view like any other.
    if (isExpression(metric)) return session.client.subscribe(request, listener);
    const body = { definition: JSON.parse(metric), view };
    current = followPreview(
      { ask: session.api.ask, body, isSeen: () => session.shown && isWanted() },
      {
        onAnswer(answer) {
          [notes, fault, answered] = [answer, null, Date.now()];
          const info = infoOf(answer);
          if (info === null) return;
          listener.onInfo?.(info);
          listener.onChange(contentsOf(answer, info), null);
        },
        onFault(error) {
          fault = error.message;
          const code = isErrorCode(error.code) ? error.code : 'internal';
          listener.onRefused?.({ code, message: error.message, retry: true });
        },
      },
    );
    return current;
  });
  return {
    session: Object.create(session, {
      client: { value: client },
      resumedAt: { get: () => Math.max(session.resumedAt, answered + OLD_AFTER - GRACE) },
    }),
    get notes() {
      return notes;
    },
    get fault() {
      return fault;
    },
  };
}

/** The client with another way to subscribe. */
const withSubscribe = (
  client: Client,
  subscribe: (request: ViewRequest, listener: ViewListener) => ViewSubscription,
): Client => Object.create(client, { subscribe: { value: subscribe } });

interface Asking {
  ask: Ask;
  body: object;
  isSeen: () => boolean;
}

interface Answered {
  onAnswer(answer: PreviewAnswer): void;
  onFault(error: ApiError): void;
}

/** Asks for a preview, and again after each answer while somebody sees it; one request at a time, which ends with the subscription. */
function followPreview({ ask, body, isSeen }: Asking, to: Answered): ViewSubscription {
  const control = new AbortController();
  const { signal } = control;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const turn = async (): Promise<void> => {
    let after = AGAIN.usual;
    try {
      if (isSeen()) {
        const answer = await askPreview(ask, body, signal);
        if (signal.aborted) return;
        to.onAnswer(answer);
        if (!answer.complete) after = AGAIN.incomplete;
      }
    } catch (error) {
      if (signal.aborted) return;
      after = AGAIN.refused;
      const known = error instanceof ApiError ? error : new ApiError((error as Error).message);
      // There is room again soon, and what is shown stands till then.
      if (known.code !== 'too_many_waits') to.onFault(known);
    }
    timer = setTimeout(turn, after);
  };
  void turn();
  return {
    close() {
      control.abort();
      clearTimeout(timer);
    },
  };
}

async function askPreview(ask: Ask, body: object, signal: AbortSignal): Promise<PreviewAnswer> {
  const loading = import('#contracts/view/preview-result.ts');
  const [{ body: answer }, { PREVIEW_ANSWER }] = await Promise.all([
    ask('/v1/preview', { method: 'POST', body, signal }),
    loading,
  ]);
  const read = readAs(PREVIEW_ANSWER, answer, { code: 'invalid_message' });
  if (!read.ok) throw new ApiError(`POST /v1/preview: ${read.fault.message}`);
  return read.value;
}
