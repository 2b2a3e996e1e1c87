import { MillraceError } from '#contracts/errors.ts';

export const unavailable = (what: string, cause?: unknown): MillraceError =>
  new MillraceError(
    { code: 'log_unavailable', message: `${what}${cause instanceof Error ? `: ${cause.message}` : ''}.` },
    { cause },
  );

export const unknownTopic = (topic: string): MillraceError =>
  new MillraceError({ code: 'internal', message: `Topic ${topic} does not exist; ensureTopics creates it.` });

export const unknownPartition = (topic: string, partition: number, partitions: number): MillraceError =>
  new MillraceError({
    code: 'internal',
    message: `Topic ${topic} has no partition ${partition}; it has ${partitions}.`,
  });

export const outOfBounds = (
  topic: string,
  position: number,
  { partition, start, end }: { partition: number; start: number; end: number },
): MillraceError =>
  new MillraceError({
    code: 'position_out_of_bounds',
    message: `Partition ${partition} of ${topic} holds the offsets from ${start} to ${end}, but ${position} was asked for.`,
  });

export const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
