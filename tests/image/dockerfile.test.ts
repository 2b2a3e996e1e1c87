import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings } from '#platform/process/settings/config.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const TEXT = readFileSync(join(import.meta.dirname, '..', '..', 'infra', 'embedded', 'Dockerfile'), 'utf8');
const LAST = TEXT.slice(TEXT.lastIndexOf('\nFROM '));
/** Of the project, as the last stage copies it. */
const copied = [...LAST.matchAll(/^COPY (?!--from)(\S+) /gm)].map((match) => match[1]!);

describe('the image of the embedded profile', () => {
  it('holds every folder that what it runs imports', () => {
    const folders = copied.filter((path) => !path.includes('.'));
    const sources = folders.flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.ts') && !/\.test\.ts$|conformance|(^|\/)testing\//.test(path))
        .map((path) => join(ROOT, folder, path)),
    );
    expect(sources.length).toBeGreaterThan(300);
    for (const path of sources)
      for (const [, folder] of readFileSync(path, 'utf8').matchAll(/from '#(\w+)\//g))
        expect(folders, path).toContain(folder);
  });

  it('copies only what .dockerignore lets in', () => {
    const ignore = readFileSync(join(ROOT, '.dockerignore'), 'utf8');
    for (const [, path] of TEXT.matchAll(/^COPY (?!--from)(.+) \S+$/gm))
      for (const one of path!.split(' ')) expect(ignore.split('\n'), one).toContain(`!${one}`);
  });

  it('starts with settings that can be read, and requires a key', () => {
    const env = Object.fromEntries(
      /^ENV (.*)$/m
        .exec(LAST)![1]!
        .split(' ')
        .map((pair) => pair.split('=')),
    );
    expect(readSettings(env)).toMatchObject({
      http: { host: '0.0.0.0', port: 8080, publishAddress: '', noKeys: false, adminKey: '' },
      process: { data: '/data' },
    });
    expect(LAST).toMatch(/^USER 1000:1000$/m);
    expect(LAST).toMatch(/^VOLUME \/data$/m);
    expect(LAST).toMatch(/^STOPSIGNAL SIGTERM$/m);
    expect(LAST).toMatch(/^HEALTHCHECK .*\["node", "infra\/health\.mjs"\]$/m);
    expect(LAST).toMatch(/^CMD \["embedded\/main\.ts"\]$/m);
  });
});
