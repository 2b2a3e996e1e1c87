import type { JsonText } from './written-json.ts';

/** An event, encoded once for all receivers. */
export interface Encoded {
  event: 'frame' | 'beat' | 'tail' | 'notice';
  payload: JsonText;
  /** The message as one unmasked WebSocket text frame. */
  wire: Buffer;
}

/** How the fan-out writes to a client. */
export interface Link {
  readonly id: string;
  /** Whether a message written now goes out without queueing behind others. */
  writable(): boolean;
  /** Writes if it is writable; returns whether it did. */
  write(message: Encoded): boolean;
}
