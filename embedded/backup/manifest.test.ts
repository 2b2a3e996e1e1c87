import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MillraceError } from '#contracts/errors.ts';
import { checkVersions, type DataVersions, type Manifest, readManifest, writeManifest } from './manifest.ts';

const VERSIONS: DataVersions = { millrace: '0.1.0', engine: '3.4.0', log: 2, store: 2 };
const MANIFEST: Manifest = {
  made: '2026-11-30T10:00:00.000Z',
  versions: VERSIONS,
  files: [{ path: 'log/data.mdb', bytes: 8_192, sha256: 'a'.repeat(64) }],
};
const TEXT = writeManifest(MANIFEST);
const refusal = (text: string): MillraceError => {
  try {
    readManifest(text);
  } catch (error) {
    return error as MillraceError;
  }
  return expect.unreachable('it was taken');
};
const changed = (more: object): string => JSON.stringify({ ...JSON.parse(TEXT), ...more });
const withFile = (more: object): object => ({ files: [{ ...MANIFEST.files[0], ...more }] });

describe('the manifest of a backup', () => {
  it('is read as it was written', () => expect(readManifest(TEXT)).toEqual(MANIFEST));

  it('that is cut anywhere is refused with a code', () => {
    // The last line's end says nothing.
    for (let end = 0; end < TEXT.length - 1; end++)
      expect(refusal(TEXT.slice(0, end)).code).toBe('backup_unusable');
  });

  it.each([
    ['a path out of the folder', withFile({ path: '../etc/passwd' }), 'files.0.path'],
    ['a path that leads out again', withFile({ path: 'log/../../x' }), 'files.0.path'],
    ['an absolute path', withFile({ path: '/etc/passwd' }), 'files.0.path'],
    ['a path beside Log and Store', withFile({ path: 'control.sock' }), 'files.0.path'],
    ['a size below nothing', withFile({ bytes: -1 }), 'files.0.bytes'],
    ['a checksum that is none', withFile({ sha256: 'abc' }), 'sha256'],
    ['another kind', { kind: 'backup' }, 'kind'],
    ['no versions', { versions: null }, 'versions'],
    ['a time that is none', { made: 'yesterday' }, 'made'],
  ])('with %s is refused, by name', (_, more, field) => {
    const error = refusal(changed(more));
    expect(error.code).toBe('backup_unusable');
    expect(error.message).toContain(field);
  });

  it('of a later format is recognised', () =>
    expect(refusal(changed({ format: 2 })).code).toBe('unsupported_format'));

  it('is read or refused with a code, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(refusal(text)).toBeInstanceOf(MillraceError);
      }),
    );
  });
});

describe('the versions of what is in a backup', () => {
  it.each<[Partial<DataVersions>, boolean]>([
    [{}, true],
    [{ store: 1 }, true],
    [{ engine: '3.3.9' }, true],
    [{ engine: '2.10.0' }, true],
    [{ engine: '3.4.1' }, false],
    [{ engine: '10.0.0' }, false],
    [{ engine: 'nightly' }, false],
    [{ store: 3 }, false],
    [{ log: 1 }, false],
    [{ log: 3 }, false],
  ])('%j: restored %s', (other, taken) => {
    const check = () => checkVersions({ ...VERSIONS, ...other }, VERSIONS);
    if (taken) check();
    else expect(check).toThrow(expect.objectContaining({ code: 'unsupported_format' }));
  });
});
