import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRecord } from '#contracts/is-record.ts';

/** The part of the built page that draws a board, by its source. */
const BOARD = 'src/board/board-page.svelte';

/**
 * Returns the header `Link` with which a browser fetches the part of a board beside the shell, not after it (RFC 8288); null where the
 * build left no manifest that tells the part.
 */
export async function readPreloadHeader(staticFolder: string): Promise<string | null> {
  const text = await readFile(join(staticFolder, '.vite', 'manifest.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  const manifest: unknown = JSON.parse(text);
  if (!isRecord(manifest) || !isRecord(manifest[BOARD])) return null;
  const [scripts, styles] = [new Set<string>(), new Set<string>()];
  const seen = new Set<string>();
  const waiting = [BOARD];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    const part = manifest[key];
    // The entry is named by the page itself.
    if (seen.has(key) || !isRecord(part) || part.isEntry === true) continue;
    seen.add(key);
    scripts.add(String(part.file));
    for (const file of textsOf(part.css)) styles.add(file);
    waiting.push(...textsOf(part.imports));
  }
  return [
    ...[...scripts].map((file) => `</${file}>; rel=modulepreload`),
    ...[...styles].map((file) => `</${file}>; rel=preload; as=style; crossorigin`),
  ].join(', ');
}

const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
