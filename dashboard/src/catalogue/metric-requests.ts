import { isRecord } from '#contracts/is-record.ts';
import { ApiError, type Ask } from '../app/ask.ts';
import type { Saved } from './draft.ts';

/** A metric as it is saved, and which version of it is served. */
export interface SavedMetric {
  saved: Saved;
  /** Of the definition that was read: a change based on it is refused where somebody else has changed it since. */
  etag: string | undefined;
  version: string | null;
  /** The version that is being prepared. */
  pending: string | null;
  /** Partitions whose history is filled in, such as `3/4`. */
  filled: string | null;
  /** Why it cannot be used here. */
  fault: string | null;
}

const addressOf = (id: string): string => `/v1/metrics/${encodeURIComponent(id)}`;

/** Null where there is none. */
export async function readMetric(ask: Ask, id: string): Promise<SavedMetric | null> {
  const { body, headers } = await ask(addressOf(id));
  if (body === null) return null;
  if (!isRecord(body)) throw new ApiError(`GET ${addressOf(id)}: expected a definition.`);
  return {
    saved: body,
    etag: headers.get('etag') ?? undefined,
    version: headers.get('millrace-version'),
    pending: headers.get('millrace-pending-version'),
    filled: headers.get('millrace-backfilled'),
    fault: headers.get('millrace-fault'),
  };
}

/** Saves a definition. Without an ETag there must be none of that id yet. */
export async function saveMetric(
  ask: Ask,
  id: string,
  definition: object | string,
  etag: string | undefined,
): Promise<void> {
  const isNew = etag === undefined;
  try {
    await ask(addressOf(id), { method: 'PUT', body: definition, ifMatch: etag, isNew });
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'precondition_failed') throw error;
    throw new ApiError(isNew ? takenText(id) : CHANGED, error.code);
  }
}

const takenText = (id: string): string => `There is a metric ${id} already. Give this one another name.`;
const CHANGED =
  'Somebody else has changed it meanwhile. What they saved is read now, with your changes over it: look, and save again.';

export async function deleteMetric(ask: Ask, id: string, etag: string | undefined): Promise<void> {
  await ask(addressOf(id), { method: 'DELETE', ifMatch: etag });
}
