import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (name: string): string =>
  readFileSync(new URL(`../../infra/prometheus/${name}`, import.meta.url), 'utf8').replace(/^#.*\n/gm, '');

it('is prometheus.yml with a key for the services, and otherwise the same', () => {
  const key = / {4}authorization:\n {6}credentials_file: \/etc\/prometheus\/millrace-key\n/;
  const withKey = read('prometheus-keys.yml');
  expect(withKey).toMatch(key);
  expect(withKey.replace(key, '')).toBe(read('prometheus.yml'));
});
