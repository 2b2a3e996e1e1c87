/** Browsers take 64 KiB for a page that goes away; this leaves room for what else is on its way. */
const MOST_BYTES = 60_000;

/** Events as bodies of at most 60 KB each, oldest first. One that is larger by itself is left out: no browser takes it. */
export function beaconBodies(events: readonly string[]): string[] {
  const encoder = new TextEncoder();
  const bodies: string[][] = [];
  let room = 0;
  for (const event of events) {
    const bytes = encoder.encode(event).length + 1;
    if (bytes + 1 > MOST_BYTES) continue;
    if (bytes > room) {
      bodies.push([]);
      room = MOST_BYTES - 1;
    }
    bodies.at(-1)!.push(event);
    room -= bytes;
  }
  return bodies.map((body) => `[${body.join(',')}]`);
}
