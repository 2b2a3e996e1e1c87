/** What Socket.IO and Engine.IO put around the JSON of a message that is to be acknowledged, bytes at most. */
const ENVELOPE = 40;
/** WebSocket's close code, and HTTP's status, for a message that is too large. */
const TOO_LARGE: readonly unknown[] = [1009, 413];

/** The largest message that may be sent, bytes; lowered where a connection ended over less than its server had told. */
export interface SizeLimit {
  bytes: number;
}

/** Upper bound of what a message takes on the wire, bytes. */
export const sizeOnWire = (message: object): number =>
  new TextEncoder().encode(JSON.stringify(message)).length + ENVELOPE;

/** Whether a connection ended over the size of a message; `details` as the Socket.IO client gives them. */
export function endedOverSize(details: unknown): boolean {
  const { description, context } = (details ?? {}) as { description?: unknown; context?: { code?: unknown } };
  return TOO_LARGE.includes(description) || TOO_LARGE.includes(context?.code);
}
