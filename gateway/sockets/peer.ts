/** An event encoded once for all who get it. */
export interface Encoded {
  event: 'frame' | 'beat' | 'tail' | 'notice';
  payload: object;
  /** The message as one unmasked WebSocket text frame. */
  wire: Buffer;
}

/** The one way to a client that the fan-out knows. */
export interface Link {
  readonly id: string;
  /** Whether a message written now goes out without queueing behind others. */
  writable(): boolean;
  /** Writes if it is writable, and says whether it did. */
  write(message: Encoded): boolean;
}
