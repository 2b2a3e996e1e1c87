export interface StaleNames {
  /** Settings as they are, such as `MILLRACE_VIEWS`. */
  settings: ReadonlySet<string>;
  /** Whether there is a file or a folder; a path may end in a pattern with `*`. */
  exists(path: string): boolean;
}

const PREFIX = 'MILLRACE_';
const PATH = /^[\w.-]+(\/[\w.*-]+)+$/;

/** Paths and settings in back quotes that do not exist; a setting may lack its prefix, as in `_VIEWS`. */
export function staleNames(markdown: string, { settings, exists }: StaleNames): string[] {
  const names = [...markdown.matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!);
  return names.flatMap((name) => {
    const setting = /^(?:MILLRACE)?(_[A-Z][A-Z_]*)/.exec(name)?.[1];
    if (setting !== undefined) return settings.has(PREFIX + setting.slice(1)) ? [] : [`no setting ${name}`];
    return PATH.test(name) && !exists(name) ? [`no file ${name}`] : [];
  });
}
