import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..', '..');
const CACHE = join(ROOT, 'node_modules', '.cache', 'kafka');
const POM = join(import.meta.dirname, 'pom.xml');

/**
 * The folder with the broker's jars, about 43 MB: copied out of Maven's repository once, and again when the pom has
 * changed. Rejects with one line that names what is missing.
 */
export async function resolveJars(): Promise<string> {
  await need('java', ['-version'], 'A Kafka broker needs Java 17 or newer (java is not on the PATH).');
  const version = createHash('sha256')
    .update(await readFile(POM))
    .digest('hex')
    .slice(0, 12);
  const folder = join(CACHE, `libs-${version}`);
  if (await holdsJars(folder)) return folder;
  await need('mvn', ['-version'], "A Kafka broker's jars come through Maven (mvn is not on the PATH).");
  // Filled beside and moved: two runs at once never see half of it.
  const filling = `${folder}.${process.pid}`;
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${filling}`];
  try {
    await run('mvn', ['-B', '-ntp', '-q', '-f', POM, ...goal]);
  } catch (cause) {
    throw new Error(`Maven could not fetch the broker's jars: ${firstLine(cause)}`, { cause });
  }
  await rename(filling, folder).catch(() => rm(filling, { recursive: true, force: true }));
  return folder;
}

async function holdsJars(folder: string): Promise<boolean> {
  const files = await readdir(folder).catch(() => []);
  return files.length > 0;
}

async function need(command: string, args: string[], message: string): Promise<void> {
  try {
    await run(command, args);
  } catch (cause) {
    throw new Error(message, { cause });
  }
}

const firstLine = (error: unknown): string => {
  const { stdout = '', message } = error as Error & { stdout?: string };
  return (stdout.split('\n').find((line) => line.includes('ERROR')) ?? message.split('\n')[0] ?? '').trim();
};
