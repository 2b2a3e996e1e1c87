import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { comparePictures, decodePicture, encodePicture, type Picture, SAME } from './picture.ts';

const FOLDER = join(import.meta.dirname, 'pictures');
const HOW = 'npm run gallery keeps the pictures as they are now; look at them before you commit them';

/** Keeps the pictures of a sheet, and no others. */
export async function writeReferences(sheet: string, pictures: Map<string, Picture>): Promise<void> {
  const folder = join(FOLDER, sheet);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [id, picture] of pictures) await writeFile(join(folder, `${id}.png`), encodePicture(picture));
}

/**
 * What is not as kept, a line each. The picture as it is now and the one with the differences marked are written into
 * a temporary folder, which the lines name and which stays.
 */
export async function checkReferences(sheet: string, pictures: Map<string, Picture>): Promise<string[]> {
  const folder = join(FOLDER, sheet);
  const kept = new Set((await readdir(folder)).map((file) => file.replace(/\.png$/, '')));
  const problems = [...kept]
    .filter((id) => !pictures.has(id))
    .map((id) => `${id}: kept, but not in the gallery any more; ${HOW}`);
  let faults: string | null = null;
  for (const [id, picture] of pictures) {
    if (!kept.has(id)) {
      problems.push(`${id}: no picture is kept of it; ${HOW}`);
      continue;
    }
    const expected = decodePicture(await readFile(join(folder, `${id}.png`)));
    const { different, marked } = comparePictures(picture, expected);
    if (different <= SAME) continue;
    faults ??= await mkdtemp(join(tmpdir(), `millrace-gallery-${sheet}-`));
    await writeFile(join(faults, `${id}.png`), encodePicture(picture));
    if (marked !== null) await writeFile(join(faults, `${id}-marked.png`), encodePicture(marked));
    problems.push(
      `${id}: ${different} pixels differ, see ${join(faults, `${id}.png`)} and -marked.png; ${HOW}`,
    );
  }
  return problems;
}
