import { isAbsolute, normalize } from 'node:path';
import { MillraceError, shown } from '#contracts/errors.ts';
import { isRecord } from '#contracts/is-record.ts';

export const MANIFEST_FILE = 'manifest.json';
/** Lies in a folder while it is written, and is left there when that was cut. */
export const INCOMPLETE_FILE = 'INCOMPLETE';
/** Grows when what a backup consists of changes. */
const BACKUP_FORMAT = 1;
const KIND = 'millrace-backup';

/** Of the data in a backup, so that no other version opens it by chance. */
export interface DataVersions {
  /** Of Millrace, which made the backup. */
  millrace: string;
  /** Of the embedded engine. */
  engine: string;
  /** Stored form of the Log's records. */
  log: number;
  /** Schema of the Store; it may be older where nothing ran. */
  store: number;
}

export interface BackupFile {
  /** Below the data folder, with "/". */
  path: string;
  bytes: number;
  sha256: string;
}

/** What a backup is: written last, so a backup without it is incomplete. */
export interface Manifest {
  /** ISO 8601: every event that was acknowledged before is in it. */
  made: string;
  versions: DataVersions;
  files: readonly BackupFile[];
}

export const writeManifest = ({ made, versions, files }: Manifest): string =>
  `${JSON.stringify({ kind: KIND, format: BACKUP_FORMAT, made, versions, files }, null, 1)}\n`;

/** Throws `backup_unusable`, or `unsupported_format` for one of a later version. */
export function readManifest(text: string): Manifest {
  const root = parse(text);
  if (root.kind !== KIND) throw unusable(`kind: expected "${KIND}", got ${shown(root.kind)}`);
  if (typeof root.format !== 'number') throw unusable(`format: expected a number, got ${shown(root.format)}`);
  if (root.format > BACKUP_FORMAT)
    throw newer(`The backup has format ${root.format}; this version reads formats up to ${BACKUP_FORMAT}`);
  const made = readText(root, 'made');
  if (Number.isNaN(Date.parse(made))) throw unusable(`made: expected a time, got ${shown(made)}`);
  if (!Array.isArray(root.files)) throw unusable(`files: expected a list, got ${shown(root.files)}`);
  return { made, versions: readVersions(root.versions), files: root.files.map(readFile) };
}

/** Throws `unsupported_format` where a later version has written what is in the backup. */
export function checkVersions(found: DataVersions, own: DataVersions): void {
  const by = `It was made by Millrace ${found.millrace}, and this is ${own.millrace}`;
  if (found.log !== own.log)
    throw newer(`The Log in the backup has format ${found.log}; this version reads ${own.log}. ${by}`);
  if (found.store > own.store)
    throw newer(
      `The Store in the backup has schema version ${found.store}; this version knows versions up to ${own.store}. ${by}`,
    );
  if (isLater(found.engine, own.engine))
    throw newer(
      `The Store in the backup is of engine ${found.engine}; this version has ${own.engine}. ${by}`,
    );
}

function readVersions(value: unknown): DataVersions {
  const versions = readObject(value, 'versions');
  const number = (name: string): number => {
    const found = versions[name];
    if (isWhole(found)) return found;
    throw unusable(`versions.${name}: expected a whole number, got ${shown(found)}`);
  };
  return {
    millrace: readText(versions, 'millrace'),
    engine: readText(versions, 'engine'),
    log: number('log'),
    store: number('store'),
  };
}

function readFile(value: unknown, i: number): BackupFile {
  const field = `files.${i}`;
  const file = readObject(value, field);
  const path = readText(file, 'path');
  if (!/^(log|store)\//.test(path) || isAbsolute(path) || normalize(path) !== path)
    throw unusable(`${field}.path: expected a file in log/ or store/, got ${shown(path)}`);
  const { bytes } = file;
  if (!isWhole(bytes) || bytes < 0)
    throw unusable(`${field}.bytes: expected a whole number, got ${shown(bytes)}`);
  const sha256 = readText(file, 'sha256');
  if (!/^[0-9a-f]{64}$/.test(sha256))
    throw unusable(`${field}.sha256: expected 64 hexadecimal digits, got ${shown(sha256)}`);
  return { path, bytes, sha256 };
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);

function parse(text: string): Record<string, unknown> {
  try {
    return readObject(JSON.parse(text), 'the whole');
  } catch (error) {
    throw error instanceof MillraceError ? error : unusable((error as Error).message);
  }
}

function readObject(value: unknown, field: string): Record<string, unknown> {
  if (isRecord(value)) return value;
  throw unusable(`${field}: expected an object, got ${shown(value)}`);
}

function readText(from: Record<string, unknown>, name: string): string {
  const found = from[name];
  if (typeof found === 'string' && found !== '') return found;
  throw unusable(`${name}: expected a text, got ${shown(found)}`);
}

/** Whether version `a`, such as 3.4.0, is later than `b`. */
function isLater(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number));
  const at = left!.findIndex((n, i) => n !== right![i]);
  return at >= 0 && !(left![at]! < right![at]!);
}

const unusable = (what: string): MillraceError =>
  new MillraceError({ code: 'backup_unusable', message: `${MANIFEST_FILE} cannot be read: ${what}.` });

const newer = (what: string): MillraceError =>
  new MillraceError({
    code: 'unsupported_format',
    message: `${what}. Restore it with the version that made it, or a later one.`,
  });
