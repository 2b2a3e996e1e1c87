import { type Logger as PinoLogger, pino } from 'pino';

/** Structured log lines on stdout; faults carry their code in the field `code`. */
export type Logger = PinoLogger;

export const createLogger = (level: string, part: string): Logger => pino({ level, base: { part } });
