import { expect, it } from 'vitest';
import { type Chunk, judgeBundles } from './bundles.ts';

const MANIFEST: Record<string, Chunk> = {
  'index.html': {
    file: 'index.js',
    isEntry: true,
    imports: ['_shared'],
    dynamicImports: ['board', 'system'],
  },
  _shared: { file: 'shared.js' },
  board: { file: 'board.js', imports: ['_shared', 'chart'] },
  chart: { file: 'chart.js', dynamicImports: ['code'] },
  system: { file: 'system.js' },
  code: { file: 'code.js' },
};
const HTML = '<script src="/index.js"></script><link rel="modulepreload" href="/board.js">';
const judge = (sizes: Record<string, number>) =>
  judgeBundles(MANIFEST, HTML, (file) => (sizes[file.replace('.js', '')] ?? 0) * 1_000);

it('weighs the shell alone, and every first page with what is fetched beside it', () => {
  const { problems, note } = judge({ index: 80, shared: 10, board: 60, chart: 20, system: 30 });
  expect(problems).toEqual([]);
  expect(note).toBe('shell 90 KB, largest first page 200 KB');
});

it('says which page is too large', () => {
  expect(judge({ index: 100, shared: 21 }).problems).toEqual(['shell: 121000 B gzipped; at most 120000']);
  const problems = ['first page with system: 200001 B gzipped; at most 200000'];
  expect(judge({ index: 80, board: 60, chart: 20, system: 40.001 }).problems).toEqual(problems);
});

it('counts what is loaded on demand by a part as a page of its own', () => {
  expect(judge({ index: 80, board: 60, chart: 20, code: 41 }).problems).toEqual([
    'first page with code: 201000 B gzipped; at most 200000',
  ]);
});

it('refuses a page without parts', () => {
  expect(judgeBundles({}, '', () => 0).problems).toHaveLength(2);
});
