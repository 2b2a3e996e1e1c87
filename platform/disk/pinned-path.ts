import { accessSync, constants, statSync } from 'node:fs';
import { MillraceError } from '#contracts/errors.ts';

/** A file or folder that an engine holds open, compared with what its path leads to. */
export interface PinnedPath {
  /**
   * Throws `data_folder_lost` when the path no longer leads to what it led to, or when its file system takes no more
   * writes: what an engine writes then is gone when the process ends, or fails inside the engine.
   */
  check(): void;
}

/** Pins what is at the path now. Throws if nothing is. Messages name its `owner`, such as the Log, and no path. */
export function pinPath(path: string, owner: string): PinnedPath {
  const pinned = statSync(path, { bigint: true });
  const refuse = (what: string, cause?: unknown): never => {
    const message = `The data folder of the ${owner} ${what}. Nothing is accepted until it is back as it was; otherwise restart on an intact folder.`;
    throw new MillraceError({ code: 'data_folder_lost', message }, { cause });
  };
  return {
    check() {
      let now: ReturnType<typeof look>;
      try {
        now = look(path);
        if (now !== undefined) accessSync(path, constants.W_OK);
      } catch (error) {
        return refuse(`cannot be written any more (${(error as NodeJS.ErrnoException).code})`, error);
      }
      if (now === undefined) refuse('is gone: it was deleted, moved or unmounted while in use');
      else if (now.ino !== pinned.ino || now.dev !== pinned.dev)
        refuse('is not what this process opened: it was replaced while in use');
    },
  };
}

const look = (path: string) => statSync(path, { bigint: true, throwIfNoEntry: false });
