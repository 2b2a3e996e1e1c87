import type { Warning } from '#contracts/log/system-record.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from './logger.ts';

/** Conditions of a working process that an operator should know of: logged when they begin and when they end. */
export interface Warnings {
  /** Raises a warning, or changes its text; logged when it is raised. */
  raise(code: string, message: string): void;
  /** Ends a warning; does nothing if there is none. */
  clear(code: string): void;
  list(): Warning[];
}

/** Codes are few and fixed in the sources: a warning names no metric, event, key or caller, since all readers see it. */
export function createWarnings({ clock, logger }: { clock: Clock; logger: Logger }): Warnings {
  const warnings = new Map<string, Warning>();
  return {
    raise(code, message) {
      const known = warnings.get(code);
      warnings.set(code, { code, message, since: known?.since ?? clock() });
      if (known === undefined) logger.warn({ code }, message);
    },
    clear(code) {
      const known = warnings.get(code);
      if (known === undefined) return;
      warnings.delete(code);
      logger.info({ code, lasted: clock() - known.since }, `resolved: ${known.message}`);
    },
    list: () => [...warnings.values()],
  };
}
