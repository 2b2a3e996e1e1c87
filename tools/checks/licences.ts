import type { Check } from './check.ts';
import { installedPackages } from './installed-packages.ts';
import { judgeLicences, type Licensed } from './judge-licences.ts';
import { readLock } from './lock.ts';

/** Licences of all packages: of installed ones as they say themselves, of other platforms' as package-lock.json says. */
export const licences: Check = {
  name: 'licences',
  run: async () => {
    const lock = readLock();
    const installed = installedPackages();
    const here = new Set(installed.map(({ path }) => path));
    const elsewhere = [...lock].filter(([path]) => !here.has(path));
    const packages: Licensed[] = [
      ...installed.map((one) => ({ ...one, development: lock.get(one.path)?.dev === true })),
      ...elsewhere.flatMap(([path, { license, dev }]) =>
        license === undefined
          ? []
          : [{ path, name: nameOf(path), licence: license, development: dev === true }],
      ),
    ];
    const unknown = elsewhere.filter(([, { license }]) => license === undefined).length;
    return {
      problems: judgeLicences(packages),
      note: `${packages.length} packages; ${unknown} of other platforms, whose licence the lock does not tell`,
    };
  },
};

const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 13);
