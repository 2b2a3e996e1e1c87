import type { Findings } from './check.ts';

/** Advisories that are accepted: their address → why, and what would end that. */
export type AuditExceptions = Readonly<Record<string, string>>;

/** What npm 8 and newer print for `npm audit --json`, as far as it is used. */
interface Report {
  vulnerabilities?: Record<string, Vulnerability>;
  metadata?: { dependencies?: { total?: number } };
  message?: string;
  statusCode?: number;
  error?: { code?: string; summary?: string };
}

interface Vulnerability {
  name: string;
  /** Advisories about the package itself, or the name of a dependency that has some, which is listed too. */
  via: (string | Advisory)[];
  fixAvailable: boolean | { name: string; version: string };
}

interface Advisory {
  title: string;
  url: string;
  severity: string;
  range: string;
}

const SEVERE = ['high', 'critical'];

/**
 * What `npm audit --json` found: severe advisories are problems, others a note. Where the registry does not support
 * audits or cannot be reached, the check is skipped and says so; any other failure of npm is a problem.
 */
export function judgeAudit(output: string, exceptions: AuditExceptions): Findings {
  const report = parse(output);
  if (report?.vulnerabilities === undefined) return explainFailure(report, output);
  const all = Object.values(report.vulnerabilities).flatMap(ownAdvisories);
  const open = all.filter(({ url }) => !(url in exceptions));
  const severe = open.filter(({ severity }) => SEVERE.includes(severity)).map(describe);
  const minor = open.filter(({ severity }) => !SEVERE.includes(severity)).map(describe);
  const idle = Object.keys(exceptions).filter((url) => !all.some((one) => one.url === url));
  return {
    problems: [...severe, ...idle.map((url) => `the exception for ${url} is of no use any more`)],
    note: `${report.metadata?.dependencies?.total ?? 0} packages; ${minor.join('; ') || 'nothing known against them'}`,
  };
}

function parse(output: string): Report | null {
  try {
    return JSON.parse(output) as Report;
  } catch {
    return null;
  }
}

function explainFailure(report: Report | null, output: string): Findings {
  const { message = '', statusCode, error } = report ?? {};
  // 400 would be about what was sent, which is ours.
  const refused = statusCode !== undefined && statusCode !== 400;
  if (refused || /^request to .* failed/.test(message))
    return { problems: [], skipped: `the registry could not be asked for advisories: ${message}` };
  const told = message || error?.summary || output.trim() || 'nothing was printed';
  return { problems: [`npm audit failed: ${told}`] };
}

type Found = Advisory & Pick<Vulnerability, 'name' | 'fixAvailable'>;

const ownAdvisories = ({ name, via, fixAvailable }: Vulnerability): Found[] =>
  via.flatMap((one) => (typeof one === 'string' ? [] : [{ ...one, name, fixAvailable }]));

function describe({ name, range, severity, title, url, fixAvailable }: Found): string {
  const other = typeof fixAvailable === 'object' ? ` (${fixAvailable.name} ${fixAvailable.version})` : '';
  const fix = fixAvailable === false ? 'no version mends it yet' : `a newer version mends it${other}`;
  return `${name} ${range}: ${severity}, ${title}, ${url}; ${fix}`;
}
