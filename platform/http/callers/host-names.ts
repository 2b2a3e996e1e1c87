import { isIP } from 'node:net';
import { MillraceError, shown } from '#contracts/errors.ts';
import type { Settings } from '#platform/process/settings/settings.ts';

export type HostSettings = Pick<Settings['http'], 'host' | 'hosts'>;

/** An entry of MILLRACE_HOSTS. What it leaves out may be anything a browser leaves out: either scheme, its usual port. */
interface HostName {
  scheme: string | null;
  name: string;
  port: string | null;
}

/** The host names that a server accepts. */
export interface HostNames {
  /** Whether a Host header (with or without port) names this server. */
  allowHost(host: string | undefined): boolean;
  /** Whether a page of this origin may change things, or open a socket. */
  allowOrigin(origin: string | undefined, host: string | undefined): boolean;
}

const LOOPBACK = ['localhost', '127.0.0.1', '::1'];
const ANY_ADDRESS = ['0.0.0.0', '::'];
const ENTRY = /^(?:(https?):\/\/)?(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/;
const USUAL_PORT: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** Throws `invalid_settings` for names that no Host header could hold: as they stand they would never match. */
export function createHostNames(settings: HostSettings): HostNames {
  const listed = readHosts(settings.hosts);
  const isAnyAddress = ANY_ADDRESS.includes(settings.host);
  const own = [...LOOPBACK, ...(isAnyAddress ? [] : [settings.host.toLowerCase()])];
  return {
    allowHost(host) {
      const named = readHost(host);
      if (named === null) return false;
      // A server that listens on all addresses cannot list them, so it accepts any: a host name that an attacker
      // points here is never an address itself.
      if (own.includes(named.name) || (isAnyAddress && isIP(named.name) !== 0)) return true;
      // Behind a proxy the port may be its own, or be left out.
      return listed.some(
        ({ name, port }) =>
          name === named.name && (port === null || named.port === null || port === named.port),
      );
    },
    /** Pages of this very server, of the names in MILLRACE_HOSTS, and callers that are no browser (no Origin). */
    allowOrigin(origin, host) {
      if (origin === undefined) return true;
      const page = readOrigin(origin);
      if (page === null) return false;
      const entries = listed.filter(({ name }) => name === page.name);
      if (entries.some((entry) => isPageOf(page, entry))) return true;
      // Where the list says which scheme a name has, its pages have no other.
      if (entries.length > 0 && entries.every(({ scheme }) => scheme !== null && scheme !== page.scheme))
        return false;
      return page.host === host?.toLowerCase();
    },
  };
}

interface Page extends HostName {
  scheme: string;
  port: string;
  /** As in a Host header. */
  host: string;
}

const isPageOf = (page: Page, { scheme, port }: HostName): boolean =>
  (scheme === null || scheme === page.scheme) && page.port === (port ?? USUAL_PORT[page.scheme]);

function readOrigin(origin: string): Page | null {
  if (!URL.canParse(origin)) return null;
  const { protocol, hostname, port, host } = new URL(origin);
  const usual = USUAL_PORT[protocol];
  if (usual === undefined || hostname === '') return null;
  return { scheme: protocol, name: bare(hostname), port: port === '' ? usual : port, host };
}

/** Returns null for a text that no URL could contain. */
function readHost(host: string | undefined): Omit<HostName, 'scheme'> | null {
  if (host === undefined || /[/@\\?#\s]/.test(host) || !URL.canParse(`http://${host}`)) return null;
  const { hostname, port } = new URL(`http://${host}`);
  return { name: bare(hostname), port: port === '' ? null : port };
}

const readHosts = (hosts: string): HostName[] =>
  hosts
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '')
    .map(readEntry);

function readEntry(entry: string): HostName {
  if (isIP(entry) !== 0) return { scheme: null, name: entry, port: null };
  const [, scheme, name, port] = ENTRY.exec(entry) ?? [];
  if (name === undefined || !URL.canParse(`http://${name}`)) {
    throw new MillraceError({
      code: 'invalid_settings',
      field: 'MILLRACE_HOSTS',
      message: `MILLRACE_HOSTS: expected names such as stats.example.org, stats.example.org:8443 or https://stats.example.org, separated by commas, got ${shown(entry)}.`,
    });
  }
  return {
    scheme: scheme === undefined ? null : `${scheme}:`,
    name: bare(new URL(`http://${name}`).hostname),
    port: port ?? null,
  };
}

const bare = (name: string): string => name.replace(/^\[|\]$/g, '');
