import { expect, it } from 'vitest';
import { allowedIn, judgeLicences, type Licensed } from './judge-licences.ts';
import { ALLOWED_LICENCES, DEVELOPMENT_ONLY } from './licence-rules.ts';

const pack = (name: string, licence: string | null, development = false): Licensed => ({
  path: `node_modules/${name}`,
  name,
  licence,
  development,
});
/** One package for each rule, so that none counts as unused. */
const USED = [
  ...ALLOWED_LICENCES.map((licence) => pack(`with-${licence}`, licence)),
  ...Object.entries(DEVELOPMENT_ONLY).map(([name, { licence }]) => pack(name, licence, true)),
];

it('accepts what is allowed, and names a package that is not', () => {
  expect(judgeLicences(USED)).toEqual([]);
  expect(judgeLicences([...USED, pack('strict', 'GPL-3.0-only')])).toEqual([
    'node_modules/strict: GPL-3.0-only is not among the allowed (licence-rules.ts)',
  ]);
  expect(judgeLicences([...USED, pack('silent', null, true)])[0]).toContain(
    'node_modules/silent: no licence',
  );
});

it('lets an exception count for development alone, for its binaries too, and for its licence only', () => {
  expect(judgeLicences([...USED, pack('lightningcss-linux-x64-gnu', 'MPL-2.0', true)])).toEqual([]);
  expect(judgeLicences([...USED, pack('lightningcss', 'MPL-2.0')])).toHaveLength(1);
  expect(judgeLicences([...USED, pack('lightningcss', 'AGPL-3.0', true)])).toHaveLength(1);
  expect(judgeLicences([...USED, pack('another', 'MPL-2.0', true)])).toHaveLength(1);
});

it('reads expressions', () => {
  expect(allowedIn('(GPL-2.0 OR MIT)')).toEqual(['MIT']);
  expect(allowedIn('MIT AND ISC')).toEqual(['MIT', 'ISC']);
  expect(allowedIn('MIT AND GPL-2.0')).toBeNull();
  expect(allowedIn('SEE LICENSE IN LICENSE.md')).toBeNull();
});

it('names a rule that no package has', () => {
  expect(judgeLicences(USED.slice(1))).toEqual([
    `licence-rules.ts: no package has ${ALLOWED_LICENCES[0]} any more`,
  ]);
});
