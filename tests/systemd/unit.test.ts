import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSettings } from '#platform/process/settings/config.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const TEXT = readFileSync(
  join(import.meta.dirname, '..', '..', 'infra', 'systemd', 'millrace.service'),
  'utf8',
);
/** What a stop takes beyond MILLRACE_DRAIN, s: embedded/main.ts. */
const LAST_FLUSH = 10;
const HAS_TOOL = spawnSync('systemd-analyze', ['--version']).status === 0;

/** Name → values, in their order. */
const unit = new Map<string, string[]>();
for (const line of TEXT.split('\n')) {
  const match = /^(\w+)=(.*)$/.exec(line);
  if (match !== null) unit.set(match[1]!, [...(unit.get(match[1]!) ?? []), match[2]!]);
}
const one = (name: string): string => {
  expect(unit.get(name), name).toHaveLength(1);
  return unit.get(name)![0]!;
};

describe('millrace.service', () => {
  it('starts files that exist, as a user other than root, with settings that can be read', () => {
    expect(one('User')).toBe('millrace');
    const [command, ...args] = one('ExecStart').split(' ');
    expect(command).toBe(`${one('WorkingDirectory')}/node_modules/node/bin/node`);
    for (const path of args) readFileSync(join(ROOT, path));
    const env = Object.fromEntries(
      one('Environment')
        .split(' ')
        .map((pair) => pair.split('=')),
    );
    expect(readSettings(env).process.data).toBe(`/var/lib/${one('StateDirectory')}`);
  });

  it('gives a stop more time than it may take, and starts again after a failure', () => {
    const { http } = readSettings({});
    expect(Number(one('TimeoutStopSec'))).toBeGreaterThan(http.drain / 1_000 + LAST_FLUSH);
    expect(one('Restart')).toBe('on-failure');
  });

  it('may open more files than it may have connections', () => {
    expect(Number(one('LimitNOFILE'))).toBeGreaterThan(2 * readSettings({}).limits.tcpConnections);
  });

  it('can write only its own folder', () => {
    expect(one('ProtectSystem')).toBe('strict');
    expect(one('StateDirectoryMode')).toBe('0700');
    expect(one('UMask')).toBe('0077');
    expect(unit.has('ReadWritePaths')).toBe(false);
    for (const name of ['NoNewPrivileges', 'ProtectHome', 'PrivateTmp', 'PrivateDevices', 'RestrictSUIDSGID'])
      expect(one(name), name).toBe('yes');
    expect(one('CapabilityBoundingSet')).toBe('');
    // Engines that compile as they run need it.
    expect(unit.has('MemoryDenyWriteExecute')).toBe(false);
  });
});

describe.skipIf(!HAS_TOOL)('millrace.service by systemd-analyze (skipped where there is none)', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-unit-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('passes the checks of systemd', () => {
    const path = join(folder, 'millrace.service');
    // As it would be where it is installed: the command is there, and the user.
    writeFileSync(
      path,
      TEXT.replaceAll(/^ExecStart=\S+/gm, `ExecStart=${process.execPath}`).replace(
        'User=millrace',
        'User=daemon',
      ),
    );
    const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', path], {
      encoding: 'utf8',
    });
    const said = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('millrace.service'));
    expect({ status, said }).toEqual({ status: 0, said: [] });
  });
});
