import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { preparePython, whyNoPython } from '../foreign/python.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
/** Pipes end in a command that fails without input, so what fails before it is not lost. */
const IGNORED = ['DL4006'];
/** Dockerfiles of the stand-ins install the current packages of their distribution, and their images are never published. */
const IGNORED_OF_STAND_INS = [...IGNORED, 'DL3006', 'DL3008'];

const PUBLISHED = ['infra/Dockerfile', 'infra/embedded/Dockerfile'];
const STAND_INS = ['clickhouse', 'haproxy', 'kafka', 'node', 'prometheus'].map(
  (name) => `tests/compose/${name}/Dockerfile`,
);

const missing = whyNoPython();

// What hadolint does not know (no shell, a user by number, no scripts of packages) is in tools/checks/judge-image.ts.
describe.skipIf(missing !== null)(`hadolint${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  let hadolint: string;
  beforeAll(async () => {
    hadolint = join(dirname(await preparePython(import.meta.dirname)), 'hadolint');
  }, 300_000);

  /** The rules that a Dockerfile breaks, warnings and worse. */
  const lint = (text: string, ignored: readonly string[]): Promise<string[]> =>
    new Promise((resolve, reject) => {
      const args = ['--no-color', '--failure-threshold=warning', '--format=json', '-'];
      const child = execFile(
        hadolint,
        [...ignored.map((rule) => `--ignore=${rule}`), ...args],
        (error, out) => {
          if (error !== null && out === '') return reject(error);
          const found = JSON.parse(out) as { code: string; level: string; line: number }[];
          resolve(
            found
              .filter(({ level }) => level === 'error' || level === 'warning')
              .map(({ code, line }) => `${code} in line ${line}`),
          );
        },
      );
      child.stdin?.end(text);
    });

  it.each(PUBLISHED)('accepts %s', async (file) => {
    expect(await lint(read(file), IGNORED)).toEqual([]);
  });

  it.each(STAND_INS)('accepts %s', async (file) => {
    expect(await lint(read(file), IGNORED_OF_STAND_INS)).toEqual([]);
  });

  it.each([
    ['root as the last user', /USER 1000:1000/, 'USER root', 'DL3002'],
    ['a base without a tag', /FROM node:\S+/, 'FROM node', 'DL3006'],
    ['the latest base', /FROM node:\S+/, 'FROM node:latest', 'DL3007'],
    ['a relative WORKDIR', /WORKDIR \/millrace/, 'WORKDIR millrace', 'DL3000'],
    ['a command as a text', /CMD \[.*\]/, 'CMD node gateway/main.ts', 'DL3025'],
    ['a script that the shell cannot read', /RUN mkdir/, 'RUN "mkdir', 'SC1072'],
  ])('names %s', async (_, now, then, rule) => {
    const text = read('infra/Dockerfile');
    expect(text).toMatch(now);
    const found = await lint(text.replace(now, then), IGNORED);
    expect(found).toContainEqual(expect.stringContaining(rule));
  });
});
