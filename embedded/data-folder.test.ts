import { execFile } from 'node:child_process';
import { chmod, lstat, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MillraceError } from '#contracts/errors.ts';
import { INCOMPLETE_FILE } from './backup/manifest.ts';
import { logFolder, prepareDataFolder, storeFolder } from './data-folder.ts';

const run = promisify(execFile);
let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'millrace-folder-'));
});
// A probe that was given up may still write for a moment.
afterEach(() => rm(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));

const refusal = (data: string, deadline?: number): Promise<MillraceError> =>
  prepareDataFolder(data, deadline).then(
    () => expect.unreachable('it was taken'),
    (error: MillraceError) => error,
  );
const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

describe('a folder that cannot be the data folder', () => {
  it.each([
    ['in /proc', async () => '/proc/nope'],
    ['/proc itself', async () => '/proc'],
    ['in /sys', async () => '/sys/nope'],
    ['a device', async () => '/dev/full'],
    ['below a device', async () => '/dev/null/data'],
    ['a name that is too long', async () => join(root, 'x'.repeat(300))],
    ['a path that is too long', async () => join(root, 'x/'.repeat(3_000))],
    ['a zero byte in its name', async () => `${root}/a\0b`],
    [
      'a file',
      async () => {
        await writeFile(join(root, 'file'), '');
        return join(root, 'file');
      },
    ],
    [
      'a pipe',
      async () => {
        await run('mkfifo', [join(root, 'pipe')]);
        return join(root, 'pipe');
      },
    ],
    [
      'a link to nowhere',
      async () => {
        await symlink('nowhere', join(root, 'link'));
        return join(root, 'link');
      },
    ],
    [
      'links in a circle',
      async () => {
        await symlink('b', join(root, 'a'));
        await symlink('a', join(root, 'b'));
        return join(root, 'a', 'data');
      },
    ],
    [
      'a file where the folder of the Log belongs',
      async () => {
        await writeFile(logFolder(root), '');
        return root;
      },
    ],
    [
      "a pipe where an engine's file belongs",
      async () => {
        await mkdir(logFolder(root));
        await run('mkfifo', [join(logFolder(root), 'data.mdb')]);
        return root;
      },
    ],
  ])('%s: one clear refusal', async (_, make) => {
    const error = await refusal(await make());
    expect(error.code).toBe('invalid_settings');
    expect(error.message).toMatch(
      /^The data folder .* cannot be used: .*set MILLRACE_DATA to another folder\.$/s,
    );
  });

  it('a socket', async () => {
    const server = createServer();
    const path = join(root, 'socket');
    await new Promise<void>((resolve) => server.listen(path, resolve));
    expect((await refusal(path)).code).toBe('invalid_settings');
    server.close();
  });

  it('a file system that does not answer is given up', async () => {
    const error = await refusal(join(root, 'data'), 0);
    expect(error.message).toMatch(/does not answer/);
  });
});

describe('a folder of another program', () => {
  it.each(['log', 'store'])('whose %s holds nothing of ours: refused, and left as it was', async (name) => {
    await mkdir(join(root, name));
    await writeFile(join(root, name, 'syslog'), '');
    await chmod(join(root, name), 0o755);
    const error = await refusal(root);
    expect(error.code).toBe('invalid_settings');
    expect(error.message).toMatch(
      /seems to belong to another program.*syslog.*Set MILLRACE_DATA to another folder/,
    );
    expect(await modeOf(join(root, name))).toBe('755');
    expect(await readdir(root)).toEqual([name]);
  });

  it('is none where it is a disk of its own that is empty', async () => {
    await mkdir(join(logFolder(root), 'lost+found'), { recursive: true });
    await prepareDataFolder(root);
  });
});

it('a folder into which a restore was cut is refused', async () => {
  await writeFile(join(root, INCOMPLETE_FILE), '');
  expect((await refusal(root)).code).toBe('data_folder_torn');
});

describe('the rights of the data folder', () => {
  /** As an older version, or an engine that knows no umask, leaves it. */
  async function makeOld(data: string): Promise<void> {
    for (const folder of [data, logFolder(data), join(storeFolder(data), 'store', 'er')]) {
      await mkdir(folder, { recursive: true });
      await chmod(folder, 0o755);
    }
    for (const file of [
      join(logFolder(data), 'data.mdb'),
      join(storeFolder(data), 'store', 'er', 'data.bin'),
    ]) {
      await writeFile(file, 'events');
      await chmod(file, 0o644);
    }
  }

  it('are those of its user alone, in old folders too', async () => {
    const data = join(root, 'data');
    await makeOld(data);
    await prepareDataFolder(data);
    for (const entry of await readdir(data, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      expect(await modeOf(path), path).toMatch(/^[67]00$/);
    }
    expect(await modeOf(data)).toBe('700');
  });

  it('stay as they are where the folder holds other things too, but for what is ours', async () => {
    await makeOld(root);
    await mkdir(join(root, 'of-others'));
    await chmod(join(root, 'of-others'), 0o755);
    await chmod(root, 0o755);
    await prepareDataFolder(root);
    expect(await modeOf(root)).toBe('755');
    expect(await modeOf(join(root, 'of-others'))).toBe('755');
    expect(await modeOf(logFolder(root))).toBe('700');
  });

  it('follow no link out of it', async () => {
    const outside = join(root, 'outside');
    await writeFile(outside, '');
    await chmod(outside, 0o644);
    const data = join(root, 'data');
    await makeOld(data);
    await symlink(outside, join(storeFolder(data), 'link'));
    await chmod(storeFolder(data), 0o755);
    await prepareDataFolder(data);
    expect(await modeOf(outside)).toBe('644');
    expect((await lstat(join(storeFolder(data), 'link'))).isSymbolicLink()).toBe(true);
  });
});
