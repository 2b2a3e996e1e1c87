import { findErrorBy } from '@platformatic/kafka';
import { ClientError, type ClientErrorKind } from '../kafka-client.ts';

/** Runs `work` and turns its rejection into a ClientError. */
export async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new ClientError(kindOf(error), error);
  }
}

/** Whether the error, or one inside it, is the protocol's of that name. */
export const isProtocolError = (error: unknown, name: string): boolean =>
  error instanceof Error && findErrorBy(error, 'apiId', name) !== null;

function kindOf(error: unknown): ClientErrorKind {
  if (isProtocolError(error, 'OFFSET_OUT_OF_RANGE')) return 'out_of_range';
  if (isProtocolError(error, 'UNKNOWN_TOPIC_OR_PARTITION')) return 'unknown_topic';
  // The library replaces the protocol's error with its own, which only its text distinguishes.
  if (error instanceof Error && /^Unknown topic /.test(error.message)) return 'unknown_topic';
  return 'away';
}
