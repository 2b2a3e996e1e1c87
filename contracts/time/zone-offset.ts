/** Returns the reader of a zone's offset from UTC at a time, ms, by what the runtime knows of it; null for a name that is no zone. */
export function readerOfOffset(timeZone: string): ((time: number) => number) | null {
  const format = formatOf(timeZone);
  return format === null ? null : (time) => readOffset(format.format(time));
}

function formatOf(timeZone: string): Intl.DateTimeFormat | null {
  // Offsets such as "+02:00" are formats too, and no zones.
  if (!/^[A-Za-z]/.test(timeZone)) return null;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  } catch {
    return null;
  }
}

/** The text ends in "GMT", "GMT+05:45" or "GMT-00:44:30". */
function readOffset(text: string): number {
  const [, sign, hours = 0, minutes = 0, seconds = 0] = /([+-])(\d+):(\d+)(?::(\d+))?$/.exec(text) ?? [];
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
  return sign === '-' ? -ms : ms;
}
