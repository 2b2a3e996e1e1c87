import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { MillraceError, shown } from '#contracts/errors.ts';
import { formatBytes } from '#platform/disk/space.ts';
import { LOG_FORMAT } from '#platform/log/lmdb/lmdb-meta.ts';
import { explainEnd } from '#platform/process/explain-end.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { SCHEMA_VERSION } from '#platform/store/sql/migrations.ts';
import { backUp } from './back-up.ts';
import type { DataVersions } from './manifest.ts';
import { restore } from './restore.ts';

const USAGE =
  'Usage: npm run backup -- <folder>, or npm run restore -- <folder>; MILLRACE_DATA names the data folder.';
/** The exit code that shells give to a program ended by Ctrl-C. */
const INTERRUPTED = 130;

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () =>
    interrupted.abort(
      new MillraceError({
        code: 'backup_interrupted',
        message: 'Interrupted; nothing is left of it.',
      }),
    ),
  );

try {
  await main();
} catch (error) {
  console.error(explainEnd(error));
  process.exitCode = interrupted.signal.aborted ? INTERRUPTED : 1;
}

async function main(): Promise<void> {
  process.umask(0o077);
  const [what, folder, ...more] = process.argv.slice(2);
  if ((what !== 'backup' && what !== 'restore') || folder === undefined || more.length > 0)
    throw new MillraceError({
      code: 'invalid_settings',
      message: `Expected one folder, got ${shown(process.argv.slice(3).join(' '))}. ${USAGE}`,
    });
  const settings = readSettings(process.env);
  if (settings.store.url !== '')
    throw new MillraceError({
      code: 'invalid_settings',
      field: 'MILLRACE_CLICKHOUSE_URL',
      message:
        'The Store is on a ClickHouse server, and this command backs up the embedded profile only. infra/README.md says how to back up a server.',
    });
  const { data, diskFloor, diskFloorShare } = settings.process;
  // npm runs scripts in the project, and a path is meant from where npm was called.
  const place = resolve(process.env.INIT_CWD ?? '.', folder);
  const common = {
    data,
    versions: ownVersions(),
    floors: { bytes: diskFloor, share: diskFloorShare },
    signal: interrupted.signal,
  };
  const { files, made } =
    what === 'backup'
      ? await backUp({ ...common, target: place })
      : await restore({ ...common, source: place });
  const size = formatBytes(files.reduce((sum, { bytes }) => sum + bytes, 0));
  console.log(
    what === 'backup'
      ? `Backed up ${resolve(data)} as of ${made} to ${place}: ${files.length} files, ${size}.`
      : `Restored ${place}, as of ${made}, to ${resolve(data)}: ${files.length} files, ${size}. npm start continues with it.`,
  );
}

function ownVersions(): DataVersions {
  const { version, optionalDependencies } = JSON.parse(
    readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'),
  ) as { version: string; optionalDependencies: { chdb: string } };
  return { millrace: version, engine: optionalDependencies.chdb, log: LOG_FORMAT, store: SCHEMA_VERSION };
}
