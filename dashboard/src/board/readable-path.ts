const MOST = 120;

/** A path of an address as people read it, cut where it is long; and its last part, which may be the name of something. */
export function readablePath(path: string): { text: string; last: string } {
  const read = decode(path);
  const text = read.length > MOST ? `${read.slice(0, MOST)}…` : read;
  return { text, last: text.split('/').findLast((part) => part !== '') ?? '' };
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
