import { ALLOWED_LICENCES, DEVELOPMENT_ONLY } from './licence-rules.ts';

export interface Licensed {
  path: string;
  name: string;
  licence: string | null;
  /** Whether nothing that runs Millrace needs it. */
  development: boolean;
}

/** Packages whose licence is not among those allowed, and rules that no package has any more. */
export function judgeLicences(packages: readonly Licensed[]): string[] {
  const problems: string[] = [];
  const used = new Set<string>();
  for (const { path, name, licence, development } of packages) {
    const exception = exceptionFor(name);
    const allowed = licence === null ? null : allowedIn(licence);
    if (allowed !== null) for (const one of allowed) used.add(one);
    else if (development && exception !== null && exception.licence === licence) used.add(exception.name);
    else problems.push(`${path}: ${licence ?? 'no licence'} is not among the allowed (licence-rules.ts)`);
  }
  for (const rule of [...ALLOWED_LICENCES, ...Object.keys(DEVELOPMENT_ONLY)])
    if (!used.has(rule)) problems.push(`licence-rules.ts: no package has ${rule} any more`);
  return problems;
}

/** The allowed licences that an expression such as `A`, `(A OR B)` or `A AND B` resolves to; null for any other licence. */
export function allowedIn(expression: string): string[] | null {
  const choices = expression.replace(/^\((.*)\)$/, '$1').split(' OR ');
  const choice = choices
    .map((all) => all.split(' AND ').map((one) => one.trim()))
    .find((all) => all.every((one) => ALLOWED_LICENCES.includes(one)));
  return choice ?? null;
}

/** The binaries of a package for one platform are packages of their own: `name-linux-x64`. */
function exceptionFor(name: string): { name: string; licence: string } | null {
  const [found] = Object.entries(DEVELOPMENT_ONLY).filter(([of]) => name === of || name.startsWith(`${of}-`));
  return found === undefined ? null : { name: found[0], licence: found[1].licence };
}
