import { MillraceError } from '#contracts/errors.ts';
import type { Catalog } from '#contracts/log/definition-record.ts';
import { isLoopback } from '#platform/http/listen.ts';
import type { Settings } from '#platform/process/settings/settings.ts';
import { createKeyring, type Keyring } from './keyring.ts';

type EntrySettings = Pick<Settings['http'], 'host' | 'publishAddress' | 'noKeys' | 'adminKey'>;

/**
 * Opens the keyring that the settings ask for. No key is needed by a process that only this machine can reach, unless the
 * operator has set one, nor where the settings say so explicitly. Throws `invalid_settings` for a process that others can
 * reach while no key exists. `own`: a key that this process made for itself, if it calls itself.
 */
export function openKeyring(
  { host, publishAddress, noKeys, adminKey }: EntrySettings,
  catalog: Pick<Catalog, 'keys'>,
  clock: () => number,
  own: string | null = null,
): Keyring {
  if (noKeys && adminKey !== '') {
    throw unusable('MILLRACE_NO_KEYS', 'MILLRACE_NO_KEYS=true and MILLRACE_ADMIN_KEY contradict each other.');
  }
  const isPublished = publishAddress !== '';
  const reached = isPublished ? publishAddress.replace(/^\[|\]$/g, '') : host;
  const needed = adminKey !== '' || (!noKeys && !isLoopback(reached));
  if (needed && adminKey === '' && catalog.keys.size === 0) {
    // Inside a container the process has to listen on all addresses; the address that counts is the one its port is published on.
    const inContainer = isPublished
      ? ''
      : ' (in a container, set MILLRACE_PUBLISH_ADDRESS=127.0.0.1 if its port is published on this machine only)';
    const setting = isPublished ? 'MILLRACE_PUBLISH_ADDRESS' : 'MILLRACE_HOST';
    throw unusable(
      setting,
      `${setting}=${reached} lets other machines connect, and there are no keys. Set MILLRACE_ADMIN_KEY to a long random text (openssl rand -hex 24), or MILLRACE_NO_KEYS=true if anyone there may read and write, or use 127.0.0.1${inContainer}.`,
    );
  }
  const masters = [
    { id: 'admin', key: adminKey },
    { id: 'self', key: own ?? '' },
  ].filter(({ key }) => key !== '');
  return createKeyring({ needed, masters }, catalog, clock);
}

const unusable = (field: string, message: string): MillraceError =>
  new MillraceError({ code: 'invalid_settings', field, message });
