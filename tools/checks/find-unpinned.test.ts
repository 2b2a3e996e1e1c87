import { expect, it } from 'vitest';
import { findUnpinned, type Pins } from './find-unpinned.ts';

const PINNED: Pins = {
  manifest: { dependencies: { a: '1.2.3' }, optionalDependencies: { b: '1.0.0-rc.1' }, devDependencies: {} },
  dockerfiles: {
    'infra/Dockerfile': 'FROM node:24.21.0-slim AS build\nRUN true\nFROM build AS later\nFROM scratch\n',
  },
  compose: 'services:\n  a:\n    image: millrace:local\n  b:\n    image: prom/prometheus:v3.5.0\n',
  npmrc: 'save-exact=true\nomit-lockfile-registry-resolved=true\n# registry=none\n',
  requirements: { 'a/requirements.txt': '# why\nrequests==2.34.2\n' },
};
const withIt = (change: Partial<Pins>): string[] => findUnpinned({ ...PINNED, ...change });

it('accepts exact versions', () => {
  expect(findUnpinned(PINNED)).toEqual([]);
  expect(withIt({ compose: `    image: a/b:1.2@sha256:${'0'.repeat(64)}\n` })).toEqual([]);
});

it.each(['^1.2.3', '~1.2.3', '1.2', '*', 'latest', 'github:a/b', '>=1.0.0'])(
  'names a package at %s',
  (version) => {
    expect(withIt({ manifest: { devDependencies: { c: version } } })).toEqual([
      `package.json: c ${version} is no exact version`,
    ]);
  },
);

it.each(['node', 'node:latest', 'node:24', 'node:lts-slim'])('names an image %s', (image) => {
  expect(withIt({ dockerfiles: { 'infra/Dockerfile': `FROM ${image}\n` } })).toEqual([
    `infra/Dockerfile: ${image} is not pinned by a version`,
  ]);
  expect(withIt({ compose: `    image: ${image}\n` })).toEqual([
    `docker-compose.yml: ${image} is not pinned by a version`,
  ]);
});

it.each([
  'registry=https://packages.test/',
  '@team:registry=https://packages.test/',
  '//packages.test/:_authToken=abc',
  'https-proxy=http://proxy.test',
  'strict-ssl=false',
])('names a line of .npmrc that is one machine’s: %s', (line) => {
  const problems = withIt({ npmrc: `${line}\n` });
  expect(problems).toHaveLength(1);
  expect(problems[0]).not.toContain('abc');
});

it('names a Python package of any version', () => {
  expect(withIt({ requirements: { 'a/requirements.txt': 'requests>=2\n' } })).toEqual([
    'a/requirements.txt: requests>=2 is no exact version',
  ]);
});
