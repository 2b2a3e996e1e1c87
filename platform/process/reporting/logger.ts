import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';

/** Structured log lines on stdout; faults carry their code in the field `code`. */
export type Logger = PinoLogger;

/** Fields that may hold a secret, wherever an object of that kind is logged. */
const SECRET = ['authorization', 'cookie', 'password', 'key', 'token'];
const paths = SECRET.flatMap((name) => [name, `*.${name}`, `*.headers.${name}`]);

/** `to`: where lines go; stdout when absent. */
export const createLogger = (level: string, part: string, to?: DestinationStream): Logger =>
  pino({ level, base: { part }, redact: { paths, censor: '[secret]' } }, to);
