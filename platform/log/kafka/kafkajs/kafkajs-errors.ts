import { ClientError, type ClientErrorKind } from '../kafka-client.ts';

const KINDS: Record<string, ClientErrorKind> = {
  UNKNOWN_TOPIC_OR_PARTITION: 'unknown_topic',
  OFFSET_OUT_OF_RANGE: 'out_of_range',
};

/** Runs `work` and turns its rejection into a ClientError. */
export async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new ClientError(KINDS[typeOf(error) ?? ''] ?? 'away', error);
  }
}

/** The protocol's name of an error, also where the client wrapped it. */
export function typeOf(error: unknown): string | undefined {
  for (let found = error as Wrapped | undefined; found instanceof Error; found = found.cause)
    if (found.type !== undefined) return found.type;
  return undefined;
}

type Wrapped = Error & { type?: string; cause?: Wrapped };
