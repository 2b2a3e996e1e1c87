import { duration, flag, integer, type SettingSpec, secret, text } from './setting-spec.ts';

/** Listening and answering, in every process. */
export const HTTP_SETTINGS = {
  host: text(
    'MILLRACE_HOST',
    '127.0.0.1',
    'Address to listen on. Any address other than loopback requires keys: set MILLRACE_ADMIN_KEY, or MILLRACE_NO_KEYS=true.',
  ),
  port: integer('MILLRACE_PORT', 8080, 0, 65_535, 'Port to listen on; 0 picks a free one.'),
  hosts: text(
    'MILLRACE_HOSTS',
    '',
    'Additional Host names to accept, separated by commas. Loopback names are always accepted, and so is every IP address when the process listens on all of them.',
  ),
  adminKey: secret(
    'MILLRACE_ADMIN_KEY',
    'Key of the operator. It allows everything, including making other keys. When it is set, every caller needs a key.',
    24,
  ),
  publishAddress: text(
    'MILLRACE_PUBLISH_ADDRESS',
    '',
    'Address at which a process inside a container is reached from outside; empty: MILLRACE_HOST. Any address other than loopback requires keys, as there.',
  ),
  noKeys: flag('MILLRACE_NO_KEYS', false, 'Serve without keys on an address other than loopback.'),
  proxies: integer(
    'MILLRACE_PROXIES',
    0,
    0,
    8,
    'Number of trusted proxies. The client address is read that many entries from the end of X-Forwarded-For. 0 ignores the header.',
  ),
  drain: duration(
    'MILLRACE_DRAIN',
    10_000,
    0,
    10 * 60_000,
    'How long a stop waits for open requests before it cuts them.',
  ),
} as const satisfies Record<string, SettingSpec>;
