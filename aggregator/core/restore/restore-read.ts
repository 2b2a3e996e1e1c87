/** A read that the restore needs answered before it can go on; `turn` lets others have theirs and is answered with nothing. */
export type RestoreRead =
  | { read: 'commit' }
  | { read: 'panes'; metric: string; version: number; from: number; to: number }
  | { read: 'ids'; before: number; after: number; limit: number }
  | { read: 'turn' };

/** What remains of a first copy: (key, id), position and time. */
export interface RestoredId {
  key: string | null;
  id: string;
  offset: number;
  index: number;
  ts: number;
}
