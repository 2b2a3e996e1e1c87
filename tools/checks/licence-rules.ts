/** Licences that allow use and redistribution under Apache-2.0; only those that packages here have. */
export const ALLOWED_LICENCES: readonly string[] = [
  '0BSD',
  'Apache-2.0',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'OFL-1.1',
];

/** Licences of packages that only build or test Millrace, and reach neither the image nor the page: name → why that is so. */
export const DEVELOPMENT_ONLY: Readonly<Record<string, { licence: string; reason: string }>> = {
  'axe-core': { licence: 'MPL-2.0', reason: 'looks at pages in the browser tests' },
  '@axe-core/playwright': { licence: 'MPL-2.0', reason: 'brings axe-core into them' },
  lightningcss: { licence: 'MPL-2.0', reason: "minifies the page's styles for Vite while it builds" },
};
