import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** Only probes use this name: the next one removes what an interrupted one left behind. */
const PROBE = '.probe';
/** A full disk does not make the folder unusable: its contents can still be read. */
const FULL = ['ENOSPC', 'EDQUOT'];

/** Creates the folder where it is missing, with those above it, and tries what engines need. Rejects with the system's error. */
export async function probeFolder(folder: string): Promise<void> {
  await makeFolder(resolve(folder));
  const [path, renamed] = [join(folder, PROBE), join(folder, `${PROBE}-renamed`)];
  await rm(path, { force: true });
  // `x`: what is there by now is not ours, and to open a pipe would wait for its other end.
  const file = await open(path, 'wx');
  try {
    await file.write(Buffer.alloc(4_096));
    await file.datasync();
  } catch (error) {
    if (!FULL.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await file.close();
  }
  await rename(path, renamed);
  await rm(renamed);
}

/** As `mkdir -p`. Node's own recursive mkdir never ends where the system says that a folder just made does not exist, as in /proc. */
async function makeFolder(folder: string): Promise<void> {
  const parent = dirname(folder);
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && parent !== folder) {
      await makeFolder(parent);
      return mkdir(folder);
    }
    if (code !== 'EEXIST') throw error;
    if (!(await stat(folder)).isDirectory())
      throw Object.assign(new Error(`${folder} is not a folder`), { code: 'ENOTDIR' });
  }
}
