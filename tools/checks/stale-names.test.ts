import { expect, it } from 'vitest';
import { staleNames } from './stale-names.ts';

const known = { settings: new Set(['MILLRACE_VIEWS']), exists: (path: string) => path === 'gateway/keys.ts' };

it('accepts what exists, and ignores what is neither a file nor a setting', () => {
  const text =
    'See `gateway/keys.ts`, `MILLRACE_VIEWS`, `MILLRACE_VIEWS=9`, `_VIEWS`, `POST /v1/events`, `npm ci`, `write`.';
  expect(staleNames(text, known)).toEqual([]);
});

it('names a file and a setting that are gone', () => {
  expect(staleNames('`gateway/gone.ts`, `gateway/*.md`, `_GONE`, `MILLRACE_GONE=true`', known)).toEqual([
    'no file gateway/gone.ts',
    'no file gateway/*.md',
    'no setting _GONE',
    'no setting MILLRACE_GONE=true',
  ]);
});
