const two = (n: number): string => String(n).padStart(2, '0');

/** Wall time in the reader's zone: `14:02:11`. */
export function formatClock(time: number): string {
  const d = new Date(time);
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

/** The tail's time: `14:02:10.412`. */
export function formatClockMs(time: number): string {
  return `${formatClock(time)}.${String(new Date(time).getMilliseconds()).padStart(3, '0')}`;
}

const DAY = 86_400_000;

/** A label of the time axis: as fine as the distance between labels asks for. */
export function formatAxisTime(time: number, step: number): string {
  const d = new Date(time);
  if (step >= DAY) return `${d.getDate()} ${d.toLocaleString('en', { month: 'short' })}`;
  const minutes = `${two(d.getHours())}:${two(d.getMinutes())}`;
  return step < 60_000 ? `${minutes}:${two(d.getSeconds())}` : minutes;
}
