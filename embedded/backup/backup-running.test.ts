import { cp, mkdir, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { MillraceError } from '#contracts/errors.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { eventually } from '../../tests/testing/eventually.ts';
import { controlPath } from './control-path.ts';
import type { DataHold } from './hold-data.ts';
import { INCOMPLETE_FILE } from './manifest.ts';
import { type Control, type ControlOptions, serveControl } from './serve-control.ts';
import { INTERRUPTED, refusalOf, useBackups } from './testing/use-backups.ts';

const backups = useBackups();

describe('a backup while a process runs', () => {
  /** Too large to be copied before the test checks; sparse, so that it uses no blocks on disk. */
  const LARGE = 4_000_000_000;
  let released: number;
  let control: Control;
  beforeEach(async () => {
    released = 0;
    await backups.holdLog();
  });

  async function serve(bytes: number, more: Partial<ControlOptions> = {}): Promise<void> {
    const [file, frozen] = [join(backups.root, 'pages'), join(backups.root, 'frozen')];
    const sparse = await open(file, 'w');
    await sparse.truncate(bytes);
    await sparse.close();
    await mkdir(frozen, { recursive: true });
    await writeFile(join(frozen, 'part'), 'rows');
    const hold = async (): Promise<DataHold> => ({
      log: { file, bytes, head: Buffer.from('head') },
      storeFolder: frozen,
      release: async () => void released++,
    });
    control = await serveControl({
      data: backups.data,
      hold,
      logger: createLogger('silent', 'test'),
      ...more,
    });
    backups.closeLater(control.close);
  }
  const begun = (): Promise<unknown> =>
    eventually(
      () => stat(join(backups.target, INCOMPLETE_FILE)),
      () => true,
    );
  const left = async (): Promise<string[]> =>
    (await readdir(backups.root)).filter((name) => name === 'backup');
  const letGo = (): Promise<unknown> =>
    eventually(
      () => released,
      (n) => n === 1,
    );

  it('copies what the process holds, and releases it', async () => {
    await serve(10_000);
    const { files } = await backups.back();
    expect(files.map(({ path, bytes }) => [path, bytes])).toEqual([
      ['log/data.mdb', 10_000],
      ['store/part', 4],
    ]);
    expect((await readFile(join(backups.target, 'log/data.mdb'))).subarray(0, 6).toString()).toBe('head\0\0');
    await letGo();
  });

  it('that is aborted leaves nothing, and the process releases the data', async () => {
    await serve(LARGE);
    const told = new AbortController();
    const ended = refusalOf(backups.back({ signal: told.signal }));
    await begun();
    told.abort(INTERRUPTED);
    expect(await ended).toMatch(/^backup_interrupted: Interrupted/);
    expect(await left()).toEqual([]);
    await letGo();
  });

  it('whose process ends leaves nothing, and says so', async () => {
    await serve(LARGE);
    const ended = refusalOf(backups.back());
    await begun();
    await control.close();
    expect(await ended).toMatch(/^backup_interrupted: The process has ended/);
    expect(await left()).toEqual([]);
    expect(released).toBe(1);
  });

  it('is one at a time', async () => {
    await serve(LARGE);
    const told = new AbortController();
    const first = refusalOf(backups.back({ signal: told.signal }));
    await begun();
    expect(await refusalOf(backups.back({ target: join(backups.root, 'second') }))).toMatch(
      /^backup_running/,
    );
    told.abort(INTERRUPTED);
    await first;
    await letGo();
  });

  it('passes on the refusal of the process', async () => {
    const hold = (): Promise<DataHold> =>
      Promise.reject(new MillraceError({ code: 'store_unavailable', message: 'No hard links.' }));
    control = await serveControl({ data: backups.data, hold, logger: createLogger('silent', 'test') });
    backups.closeLater(control.close);
    expect(await refusalOf(backups.back())).toBe('store_unavailable: No hard links.');
    expect(await left()).toEqual([]);
  });

  it('works where the path is longer than the address of a socket', async () => {
    const long = join(backups.root, 'x'.repeat(120));
    await cp(backups.data, long, { recursive: true, filter: (path) => !path.endsWith('in-use.json') });
    await serve(10_000, { data: long });
    if (process.platform === 'linux') await backups.back({ data: long });
    await control.close();
  });

  it('a caller that says nothing, or nonsense, holds nothing', async () => {
    await serve(10_000, { silentFor: 300 });
    for (const words of ['{"ask":"hold"}\n', 'nonsense\n', '{"ask":"end"}\n', 'x'.repeat(200_000), '']) {
      const socket = connect(controlPath(backups.data).path);
      // It may be cut while it writes.
      socket.on('error', () => {});
      const closed = new Promise((resolve) => socket.on('close', resolve));
      socket.resume();
      socket.write(words);
      await closed;
    }
    expect(released).toBe(1);
  });
});
