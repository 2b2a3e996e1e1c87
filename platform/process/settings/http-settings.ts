import { duration, flag, integer, type SettingSpec, secret, text } from './setting-spec.ts';

/** Listening and answering, in every process. */
export const HTTP_SETTINGS = {
  host: text(
    'MILLRACE_HOST',
    '127.0.0.1',
    'Address to listen on. Any other than loopback needs keys: MILLRACE_ADMIN_KEY, or MILLRACE_NO_KEYS=true.',
  ),
  port: integer('MILLRACE_PORT', 8080, 0, 65_535, 'Port to listen on; 0 takes a free one.'),
  hosts: text(
    'MILLRACE_HOSTS',
    '',
    'Further Host names to answer to, separated by commas; loopback names always work, and every address where the process listens on all of them.',
  ),
  adminKey: secret(
    'MILLRACE_ADMIN_KEY',
    'Key of the operator, with which everything may be done, other keys made first of all. Where it is set, every caller needs a key.',
    24,
  ),
  publishAddress: text(
    'MILLRACE_PUBLISH_ADDRESS',
    '',
    'Address at which others reach what listens inside a container; empty: MILLRACE_HOST. Any other than loopback needs keys, as there.',
  ),
  noKeys: flag('MILLRACE_NO_KEYS', false, 'Serve without keys on an address other than loopback.'),
  proxies: integer(
    'MILLRACE_PROXIES',
    0,
    0,
    8,
    'Proxies in front that are believed: a client is who stands that many from the end of X-Forwarded-For; 0: nobody is.',
  ),
  drain: duration(
    'MILLRACE_DRAIN',
    10_000,
    0,
    10 * 60_000,
    'How long a stop may take before open requests are cut.',
  ),
} as const satisfies Record<string, SettingSpec>;
