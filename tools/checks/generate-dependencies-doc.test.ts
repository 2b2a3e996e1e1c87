import { expect, it } from 'vitest';
import {
  compareReasons,
  type DependencyFacts,
  generateDependenciesDoc,
} from './generate-dependencies-doc.ts';

const FACTS: DependencyFacts = {
  manifest: {
    dependencies: { one: '1.0.0' },
    optionalDependencies: {},
    devDependencies: {},
    allowScripts: { one: false },
  },
  installed: [
    {
      path: 'node_modules/one',
      name: 'one',
      version: '1.0.0',
      licence: 'MIT',
      repository: 'https://github.com/people/one',
      installScripts: ['node build.js'],
    },
  ],
  unsummed: 0,
  importers: new Map([['one', ['platform/log']]]),
  reasons: { one: 'writes' },
  scripts: { one: 'compiles' },
};

it('lists a package, where it comes from and what its script does', () => {
  expect(compareReasons(FACTS)).toEqual([]);
  const text = generateDependenciesDoc(FACTS);
  expect(text).toContain(
    '| `one` | 1.0.0 | MIT | [people/one](https://github.com/people/one) | writes | `platform/log` |',
  );
  expect(text).toContain('| `one` | no | compiles |');
});

it('asks for a reason of each, and for none of others', () => {
  expect(compareReasons({ ...FACTS, reasons: { two: 'gone' }, scripts: {} })).toEqual([
    'dependency-reasons.ts tells no reason of one',
    'dependency-reasons.ts tells a reason of two, which has none or is no dependency',
    'dependency-reasons.ts tells no install script of one',
  ]);
});

it('does not write about what is not installed', () => {
  expect(() => generateDependenciesDoc({ ...FACTS, installed: [] })).toThrow('one is not installed');
});
