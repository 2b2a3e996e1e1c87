/** How long what is killed stays away, ms: a minute, or the seconds that SERVICES_OUTAGE names, from 15. */
export function outageLength(): number {
  const text = process.env.SERVICES_OUTAGE ?? '60';
  const seconds = Number(text);
  // Below, no append meets its deadline of 10 s, and nothing would be refused.
  if (seconds >= 15 && seconds <= 3_600) return seconds * 1_000;
  throw new RangeError(`SERVICES_OUTAGE: expected seconds from 15 to 3600, got ${JSON.stringify(text)}.`);
}
