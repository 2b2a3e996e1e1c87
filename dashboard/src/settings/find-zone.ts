import { isZone } from '../format/zone-calendar.ts';

/** Names that are near to what was typed and cannot be. */
const MOST_NEAR = 3;

/** Returns the zones that the browser knows, by name. */
export const zoneNames = (): readonly string[] => Intl.supportedValuesOf('timeZone');

/** Reads the name of a zone, or of its city where that is one zone's alone: `Asia/Kathmandu`, `kathmandu`, `new york`. */
export function findZone(
  text: string,
  names: readonly string[] = zoneNames(),
): { zone: string } | { message: string } {
  const wanted = text.trim().replaceAll(' ', '_').toLowerCase();
  const known = names.find((name) => name.toLowerCase() === wanted);
  if (known !== undefined) return { zone: known };
  const ofCity = names.filter((name) => name.toLowerCase().endsWith(`/${wanted}`));
  if (ofCity.length === 1) return { zone: ofCity[0]! };
  // Older and newer names of the same zone are no part of the list.
  const named = text.trim().replaceAll(' ', '_');
  if (isZone(named)) return { zone: named };
  const near = wanted === '' ? [] : names.filter((name) => name.toLowerCase().includes(wanted));
  const some = near.length === 0 ? 'Asia/Kathmandu or New York' : near.slice(0, MOST_NEAR).join(', ');
  return {
    message: `There is no time zone "${text.trim()}". ${near.length === 0 ? 'Write one such as' : 'Near to it:'} ${some}.`,
  };
}
