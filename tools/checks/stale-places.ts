/** A file by its name, with folders before it or without; or a path of folders. */
const FILE = /^(?:[\w*.-]+\/)*[\w*.-]+\.(?:ts|mjs|cjs|svelte|md)$/;
const FOLDER = /^[\w-][\w.-]*(?:(?:\/[\w.-]+)+\/?|\/)$/;

/** Files and folders in back quotes that do not exist; each may be named by the end of its path, a file by a pattern with `*`. */
export function stalePlaces(markdown: string, files: readonly string[]): string[] {
  const folders = new Set(files.flatMap(foldersOf));
  const isThere = (name: string): boolean => {
    const end = new RegExp(
      `(^|/)${name.replace(/\/$/, '').replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`,
    );
    return files.some((file) => end.test(file)) || [...folders].some((folder) => end.test(folder));
  };
  const segments = new Set([...folders].flatMap((folder) => folder.split('/')));
  // A name that begins with no folder of the repository is of another kind, such as `application/json`.
  const isFolder = (name: string): boolean =>
    FOLDER.test(name) && segments.has(name.slice(0, name.indexOf('/')));
  const names = [...markdown.matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!);
  return names.filter((name) => (FILE.test(name) || isFolder(name)) && !isThere(name));
}

const foldersOf = (file: string): string[] => {
  const steps = file.split('/').slice(0, -1);
  return steps.map((_, i) => steps.slice(0, i + 1).join('/'));
};
