import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { compressFolder } from './compress.mjs';

it('writes both encodings beside every text, and leaves fonts alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-compress-'));
  const text = 'export const answer = 42;\n'.repeat(1_000);
  try {
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'assets', 'app.js'), text);
    await writeFile(join(folder, 'assets', 'font.woff2'), text);
    compressFolder(folder);
    const names = (await readdir(join(folder, 'assets'))).sort();
    expect(names).toEqual(['app.js', 'app.js.br', 'app.js.gz', 'font.woff2']);
    const [br, gz] = await Promise.all(
      ['br', 'gz'].map((end) => readFile(join(folder, 'assets', `app.js.${end}`))),
    );
    expect(brotliDecompressSync(br!).toString()).toBe(text);
    expect(gunzipSync(gz!).toString()).toBe(text);
    expect(br!.length + gz!.length).toBeLessThan(text.length / 10);
  } finally {
    await rm(folder, { recursive: true });
  }
});
