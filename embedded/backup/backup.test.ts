import { appendFile, cp, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openLmdbLog } from '#platform/log/lmdb/lmdb-log.ts';
import { logFolder } from '../data-folder.ts';
import { INCOMPLETE_FILE, MANIFEST_FILE } from './manifest.ts';
import { INTERRUPTED, PART, refusalOf, useBackups } from './testing/use-backups.ts';

const backups = useBackups();
const filesOf = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true })).sort();

describe('a backup while nothing runs', () => {
  it('is restored as it was', async () => {
    const { files } = await backups.back();
    expect(files.map(({ path }) => path)).toEqual(['log/data.mdb', PART]);
    const into = join(backups.root, 'new', 'data');
    await backups.restoreTo(into);
    expect(await readFile(join(into, PART), 'utf8')).toBe('rows');
    expect(await readdir(into)).toEqual(['log', 'store']);
    const log = await openLmdbLog({ folder: logFolder(into) });
    backups.closeLater(log.close);
    expect(await log.bounds('events')).toEqual([{ partition: 0, start: 0, end: 1 }]);
  });

  it('is for its user alone', async () => {
    await backups.back();
    for (const path of ['.', 'log', 'log/data.mdb', MANIFEST_FILE, PART])
      expect((await stat(join(backups.target, path))).mode & 0o077, path).toBe(0);
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'a target that holds something',
      () => mkdir(join(backups.target, 'x'), { recursive: true }),
      /^folder_not_empty: .* x\. /,
    ],
    ['a target that is a file', () => writeFile(backups.target, ''), /^folder_not_empty/],
    ['no data', () => rm(logFolder(backups.data), { recursive: true }), /^invalid_settings: .*MILLRACE_DATA/],
  ])('refuses %s', async (_, prepare, words) => {
    await prepare();
    const before = await filesOf(backups.root);
    expect(await refusalOf(backups.back())).toMatch(words);
    expect(await filesOf(backups.root)).toEqual(before);
  });

  it.each(['data', 'data/log/x', '.'])(
    'refuses a target that lies in the data, or around it: %s',
    async (name) => {
      expect(await refusalOf(backups.back({ target: join(backups.root, name) }))).toMatch(
        /^(invalid_settings|folder_not_empty)/,
      );
    },
  );

  it('refuses what would fill the disk, before it writes', async () => {
    expect(await refusalOf(backups.back({ floors: { bytes: 1e18, share: 100 } }))).toMatch(
      /^disk_full: The backup needs .* Nothing was written/,
    );
    expect(await readdir(backups.root)).toEqual(['data']);
  });

  it('refuses a folder that another process holds and says nothing of', async () => {
    await backups.holdLog();
    expect(await refusalOf(backups.back())).toMatch(/^data_folder_in_use/);
    expect(await readdir(backups.root)).toEqual(['data']);
  });

  it('refuses a copy of a folder in use', async () => {
    const log = await openLmdbLog({ folder: logFolder(backups.data) });
    await cp(backups.data, join(backups.root, 'copy'), { recursive: true });
    await log.close();
    expect(await refusalOf(backups.back({ data: join(backups.root, 'copy') }))).toMatch(/^data_folder_torn/);
  });

  it('leaves nothing when it is aborted', async () => {
    const told = AbortSignal.abort(INTERRUPTED);
    expect(await refusalOf(backups.back({ signal: told }))).toMatch(/^backup_interrupted/);
    expect(await readdir(backups.root)).toEqual(['data']);
    await mkdir(backups.target);
    expect(await refusalOf(backups.back({ signal: told }))).toMatch(/^backup_interrupted/);
    expect(await readdir(backups.target)).toEqual([]);
  });
});

describe('a restore', () => {
  beforeEach(async () => {
    await backups.back();
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'cut while it was made',
      () => writeFile(join(backups.target, INCOMPLETE_FILE), ''),
      /backup_unusable: .*not finished/,
    ],
    [
      'without its manifest',
      () => rm(join(backups.target, MANIFEST_FILE)),
      /backup_unusable: .*no manifest\.json/,
    ],
    ['with a part missing', () => rm(join(backups.target, PART)), /backup_unusable: .*data\.bin is missing/],
    [
      'with the Log missing',
      () => rm(join(backups.target, 'log'), { recursive: true }),
      /backup_unusable: .*data\.mdb is missing/,
    ],
    [
      'with a part cut',
      () => truncate(join(backups.target, PART), 2),
      /backup_unusable: .*data\.bin has 2 bytes instead of 4/,
    ],
    [
      'with a longer part',
      () => appendFile(join(backups.target, PART), 'x'),
      /backup_unusable: .*data\.bin has 5 bytes/,
    ],
    [
      'with a byte flipped',
      () => writeFile(join(backups.target, PART), 'rowt'),
      /backup_unusable: .*data\.bin .*checksum/,
    ],
    [
      'of a later version',
      async () => {
        const path = join(backups.target, MANIFEST_FILE);
        await writeFile(path, (await readFile(path, 'utf8')).replace('"store": 2', '"store": 9'));
      },
      /unsupported_format: .*schema version 9/,
    ],
    ['that is none', () => rm(backups.target, { recursive: true }), /backup_unusable: .*it is not a backup/],
  ])('of a backup %s: refused by name, and the folder is without data', async (_, damage, words) => {
    await damage();
    const into = join(backups.root, 'new');
    expect(await refusalOf(backups.restoreTo(into))).toMatch(words);
    const left = (await filesOf(backups.root)).filter((path) => path.startsWith('new'));
    expect(left.filter((path) => !/^new(\/log(\/in-use\.lock)?)?$/.test(path))).toEqual([]);
  });

  it('refuses a data folder with data, and one in use', async () => {
    expect(await refusalOf(backups.restoreTo(backups.data))).toMatch(/^folder_not_empty: .*data\.mdb/);
    await backups.holdLog();
    expect(await refusalOf(backups.restoreTo(backups.data))).toMatch(/^data_folder_in_use/);
    expect(await readFile(join(backups.data, PART), 'utf8')).toBe('rows');
  });

  it('refuses what would fill the disk, before it writes', async () => {
    expect(
      await refusalOf(backups.restoreTo(join(backups.root, 'new'), { floors: { bytes: 1e18, share: 100 } })),
    ).toMatch(/^disk_full: The restore needs/);
    expect((await readdir(backups.root)).sort()).toEqual(['backup', 'data']);
  });

  it('that is aborted leaves no data', async () => {
    const told = AbortSignal.abort(INTERRUPTED);
    const into = join(backups.root, 'new');
    expect(await refusalOf(backups.restoreTo(into, { signal: told }))).toMatch(/^backup_interrupted/);
    await backups.restoreTo(into);
  });
});
