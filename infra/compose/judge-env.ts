import { nearestNames } from '#contracts/text/nearest-names.ts';
import { UNPASSED } from './unpassed.ts';

const PREFIX = 'MILLRACE_';

/** What in a .env file the compose file does not use, and what may have been meant. */
export function judgeEnv(env: string, compose: string): string[] {
  const used = new Set([...compose.matchAll(/\$\{(MILLRACE_\w+)/g)].map((match) => match[1]!));
  const names = [...env.matchAll(/^[ \t]*(?:export[ \t]+)?(\w+)[ \t]*[=:]/gm)].map((match) => match[1]!);
  return [...new Set(names)].flatMap((name) => {
    if (!name.toUpperCase().startsWith(PREFIX) || used.has(name)) return [];
    const reason = UNPASSED[name];
    if (reason !== undefined) return [`${name}: it does nothing here: ${reason}.`];
    const near = nearestNames(name.toUpperCase(), used, PREFIX.length);
    return [
      `${name}: there is no such setting${near.length === 0 ? '.' : `; did you mean ${near.join(' or ')}?`}`,
    ];
  });
}
