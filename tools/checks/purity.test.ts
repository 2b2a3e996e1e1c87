import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { impurities } from './purity.ts';
import { ROOT } from './source-files.ts';

/** What the style check says of a text at this path, in a folder that has the project's rules. */
async function lint(path: string, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-purity-'));
  try {
    await cp(join(ROOT, 'biome.json'), join(folder, 'biome.json'));
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
    const biome = join(ROOT, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
    const options = { cwd: folder, env: { ...process.env, NO_COLOR: '1' } };
    return await new Promise((resolve) => {
      execFile(process.execPath, [biome, 'lint', '--vcs-enabled=false', '.'], options, (_, out, err) =>
        resolve(`${out}${err}`),
      );
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('the style check', () => {
  it.each([
    ['setTimeout', 'export const later = (f: () => void) => setTimeout(f, 1);'],
    ['process', 'export const id = () => process.pid;'],
    ['performance', 'export const now = () => performance.now();'],
    ['console', 'export const say = (text: string) => console.log(text);'],
    ['globalThis', 'export const all = () => globalThis;'],
  ])('finds %s in what must be pure', async (_, text) => {
    for (const folder of ['aggregates', 'contracts', 'aggregator/core', 'gateway/core'])
      expect(await lint(`${folder}/planted.ts`, `${text}\n`)).toContain('noRestrictedGlobals');
    expect(await lint('aggregator/planted.ts', `${text}\n`)).not.toContain('noRestrictedGlobals');
    expect(await lint('aggregates/planted.test.ts', `${text}\n`)).not.toContain('noRestrictedGlobals');
  });

  it('finds process.env outside main.ts', async () => {
    const text = 'export const home = () => process.env.HOME;\n';
    expect(await lint('gateway/planted.ts', text)).toContain('noProcessEnv');
    expect(await lint('embedded/main.ts', text)).not.toContain('noProcessEnv');
  });
});

describe('the check of purity', () => {
  it('finds Math.random, however it is reached', () => {
    expect(impurities('a.ts', 'const a = 1;\nconst b = Math.random();\n')).toEqual([
      'a.ts:2: Math.random; take a seeded source as an argument',
    ]);
    expect(impurities('a.ts', "const b = Math['random']();\n")).toHaveLength(1);
    expect(impurities('a.ts', 'const { random } = Math;\n')).toHaveLength(1);
  });

  it.each([
    'Date.now()',
    "Date['now']()",
    'new Date()',
    'new Date',
    'Date()',
    'new Date(...parts)',
    'new Date(2026, 10, 23)',
    'Date.parse(text)',
    '[1, 2].map(Date)',
    '{ now: Date.now }.now()',
  ])('finds %s, which reads the clock or the time zone of the machine, or may', (text) => {
    expect(impurities('a.ts', `\nexport const a = (${text});\n`)).toEqual([
      'a.ts:2: of Date only new Date(ms), Date.UTC and its type depend on the arguments alone',
    ]);
  });

  it('finds a Date under another name', () => {
    expect(impurities('a.ts', 'const D = Date;\n')).toHaveLength(1);
    expect(impurities('a.ts', 'const { now } = Date;\n')).toHaveLength(1);
    expect(impurities('a.ts', 'const all = { Date };\n')).toHaveLength(1);
  });

  it('accepts a Date of a given instant', () => {
    const text =
      "const a = (ms: number): Date => new Date(ms);\nconst b = Date.UTC(2026, 1, 1);\nconst c = { Date: 'Date.now()' };\n";
    expect(impurities('a.ts', text)).toEqual([]);
  });

  it('accepts words and the rest of Math', () => {
    expect(
      impurities('a.ts', "// No Math.random here.\nconst a = 'Math.random';\nMath.max(1, 2);\n"),
    ).toEqual([]);
  });
});
