import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readSettings } from '#platform/process/settings/config.ts';
import { SETTINGS } from '#platform/process/settings/settings.ts';
import { judgeEnv } from '../../infra/compose/judge-env.ts';
import { passedSettings, withSettings } from '../../infra/compose/settings-block.ts';
import { UNPASSED } from '../../infra/compose/unpassed.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const TEXT = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
const OURS = ['ingest', 'aggregator', 'gateway', 'demo'];

interface Service {
  environment?: Record<string, string>;
  logging?: { driver: string; options: Record<string, string> };
  depends_on?: Record<string, { condition: string }> | string[];
}
const { services } = parse(TEXT, { merge: true }) as { services: Record<string, Service> };

/** Fills in variables as compose does: the value that is set, or the default after ":-". */
function filled(environment: Record<string, string>, env: Record<string, string>): Record<string, string> {
  const fill = (text: string): string =>
    text.replace(/\$\{(\w+):-([^}]*)\}/g, (_, name: string, otherwise: string) => env[name] || otherwise);
  return Object.fromEntries(Object.entries(environment).map(([name, text]) => [name, fill(text)]));
}

describe('docker-compose.yml', () => {
  it('is what the table of settings gives', () => expect(withSettings(TEXT)).toBe(TEXT));

  it.each(OURS)('hands every setting to %s', (service) => {
    const environment = services[service]!.environment!;
    const ofDemo = Object.values(SETTINGS.demo).map(({ env }) => env as string);
    for (const name of passedSettings().filter((each) => service === 'demo' || !ofDemo.includes(each)))
      expect(environment[name], name).toMatch(new RegExp(`^([a-z]+,)?\\$\\{${name}:-[^}]*\\}$`));
  });

  it.each(OURS)('leaves %s with settings that can be read, whatever is not set', (service) => {
    const settings = readSettings(filled(services[service]!.environment!, {}));
    expect(settings.log.partitions).toBe(12);
    expect(settings.store.archive).toBe(readSettings({}).store.archive);
  });

  it('takes a setting from .env', () => {
    const set = { MILLRACE_ARCHIVE_RETENTION: '7d', MILLRACE_PARTITIONS: '6', MILLRACE_GROUPS: '5' };
    const settings = readSettings(filled(services.aggregator!.environment!, set));
    expect(settings.store.archive).toBe(7 * 86_400_000);
    expect([settings.log.partitions, settings.aggregator.groups]).toEqual([6, 5]);
  });

  it('gives ClickHouse the user that the services call as', () => {
    const set = { MILLRACE_CLICKHOUSE_USER: 'u', MILLRACE_CLICKHOUSE_PASSWORD: 'p' };
    const server = filled(services.clickhouse!.environment!, set);
    const { user, password } = readSettings(filled(services.gateway!.environment!, set)).store;
    expect([server.CLICKHOUSE_USER, server.CLICKHOUSE_PASSWORD]).toEqual([user, password]);
  });

  it.each(Object.keys(services))('bounds the log of %s', (service) => {
    expect(services[service]!.logging).toEqual({
      driver: 'json-file',
      options: { 'max-size': expect.stringMatching(/^\d+m$/), 'max-file': expect.stringMatching(/^\d+$/) },
    });
  });

  it.each(OURS)('starts %s only after .env is checked', (service) => {
    expect(services[service]!.depends_on).toMatchObject({
      settings: { condition: 'service_completed_successfully' },
    });
  });
});

describe('a name in .env that nothing reads', () => {
  it.each([
    ['MILLRACE_ARCHIVE_RETENTON=7d', /no such setting; did you mean MILLRACE_ARCHIVE_RETENTION\?/],
    ['export MILLRACE_PUBLSH=9000', /did you mean MILLRACE_PUBLISH\?/],
    ['  MILLRACE_XYZZY_PLUGH_FROTZ = 1', /MILLRACE_XYZZY_PLUGH_FROTZ: there is no such setting\.$/],
    ['millrace_groups=5', /did you mean MILLRACE_GROUPS\?/],
    ['MILLRACE_PORT=9000', /MILLRACE_PUBLISH is the port on this machine/],
    ['MILLRACE_DISK_FLOOR=1', /nothing here/],
  ])('%s is reported', (line, words) => {
    const found = judgeEnv(`# settings\n${line}\n`, TEXT);
    expect(found).toEqual([expect.stringMatching(words)]);
  });

  it('is neither one that compose uses, nor in a comment, nor for another program', () => {
    const used = [...passedSettings(), 'MILLRACE_PUBLISH', 'MILLRACE_PROMETHEUS_KEY', 'MILLRACE_KEY'];
    const env = [...used.map((name) => `${name}=x`), '# MILLRACE_NOPE=1', 'COMPOSE_PROJECT_NAME=x', ''];
    expect(judgeEnv(env.join('\n'), TEXT)).toEqual([]);
  });

  it('is a setting wherever a reason is given', () => {
    const known = passedSettings();
    expect(() => readSettings({ ...Object.fromEntries(known.map((name) => [name, ''])) })).not.toThrow();
    for (const name of Object.keys(UNPASSED)) expect(() => readSettings({ [name]: '' })).not.toThrow();
  });
});

describe('the service that checks .env', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-env-'));
    copyFileSync(join(ROOT, 'docker-compose.yml'), join(folder, 'docker-compose.yml'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const look = (): { status: number | null; stderr: string } =>
    spawnSync(process.execPath, ['infra/compose/check-env.ts', folder], { cwd: ROOT, encoding: 'utf8' });

  it('ends with 0 without a file, and with one that is right', () => {
    expect(look()).toMatchObject({ status: 0, stderr: '' });
    writeFileSync(join(folder, '.env'), 'MILLRACE_GROUPS=5\n');
    expect(look()).toMatchObject({ status: 0, stderr: '' });
  });

  it('ends with 1 and names what is wrong', () => {
    writeFileSync(join(folder, '.env'), 'MILLRACE_GRUOPS=5\nMILLRACE_PORT=1\n');
    const { status, stderr } = look();
    expect(status).toBe(1);
    expect(stderr).toMatch(/MILLRACE_GRUOPS.*MILLRACE_GROUPS[\s\S]*MILLRACE_PORT.*MILLRACE_PUBLISH/);
  });
});
