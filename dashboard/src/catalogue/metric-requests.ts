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

/** Rows and columns of a panel that is added. */
const ADDED = { w: 6, h: 3 };
const MOST_TRIES = 3;

/** Adds a chart of a metric at the foot of a board. */
export async function addToBoard(
  ask: Ask,
  board: string,
  metric: { id: string; title: string },
): Promise<void> {
  const address = `/v1/boards/${encodeURIComponent(board)}`;
  for (let tries = 1; ; tries++) {
    const { body, headers } = await ask(address);
    if (!isRecord(body)) throw new ApiError(`There is no board ${board} any more.`);
    try {
      await ask(address, {
        method: 'PUT',
        body: withPanel(body, metric),
        ifMatch: headers.get('etag') ?? undefined,
      });
      return;
    } catch (error) {
      // Somebody else has changed it meanwhile: the panel goes below what there is now.
      const isLost = error instanceof ApiError && error.code === 'precondition_failed';
      if (!isLost || tries === MOST_TRIES) throw error;
    }
  }
}

export function withPanel(board: Saved, { id, title }: { id: string; title: string }): Saved {
  const panels = (Array.isArray(board.panels) ? board.panels : []).filter(isRecord);
  const feet = panels.map(({ place }) => (isRecord(place) ? Number(place.y) + Number(place.h) : 0));
  const taken = new Set(panels.map((panel) => panel.id));
  let own = id;
  for (let n = 2; taken.has(own); n++) own = `${id}_${n}`;
  const place = { x: 0, y: Math.max(0, ...feet), ...ADDED };
  return { ...board, panels: [...panels, { id: own, kind: 'line', title, place, view: { metric: id } }] };
}
