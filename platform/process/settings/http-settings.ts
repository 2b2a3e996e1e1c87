import { MINUTE, SECOND } from '#contracts/text/duration.ts';
import { duration, flag, integer, type SettingSpec, secret, text } from './setting-spec.ts';

/** Listening and answering, in every process. */
export const HTTP_SETTINGS = {
  host: text({
    env: 'MILLRACE_HOST',
    default: '127.0.0.1',
    help: 'Address to listen on. Any address other than loopback requires keys: set MILLRACE_ADMIN_KEY, or MILLRACE_NO_KEYS=true.',
  }),
  port: integer({
    env: 'MILLRACE_PORT',
    default: 8080,
    min: 0,
    max: 65_535,
    help: 'Port to listen on; 0 picks a free one.',
  }),
  hosts: text({
    env: 'MILLRACE_HOSTS',
    default: '',
    help: 'Additional Host names to accept, separated by commas. Loopback names are always accepted, and so is every IP address when the process listens on all of them.',
  }),
  adminKey: secret({
    env: 'MILLRACE_ADMIN_KEY',
    help: 'Key of the operator. It allows everything, including making other keys. When it is set, every caller needs a key.',
    min: 24,
  }),
  publishAddress: text({
    env: 'MILLRACE_PUBLISH_ADDRESS',
    default: '',
    help: 'Address at which a process inside a container is reached from outside; empty: MILLRACE_HOST. Any address other than loopback requires keys, as there.',
  }),
  noKeys: flag({
    env: 'MILLRACE_NO_KEYS',
    default: false,
    help: 'Serve without keys on an address other than loopback.',
  }),
  proxies: integer({
    env: 'MILLRACE_PROXIES',
    default: 0,
    min: 0,
    max: 8,
    help: 'Number of trusted proxies. The client address is read that many entries from the end of X-Forwarded-For. 0 ignores the header.',
  }),
  drain: duration({
    env: 'MILLRACE_DRAIN',
    default: 10 * SECOND,
    min: 0,
    max: 10 * MINUTE,
    help: 'How long a stop waits for open requests before it cuts them.',
  }),
} as const satisfies Record<string, SettingSpec>;
