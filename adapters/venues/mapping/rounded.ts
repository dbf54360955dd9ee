import { formatScaled } from '../../../core/market/increments.js';

/** A plain decimal, rounded half up to so many places; what is none stays, for whoever reads it to say what is wrong. */
export function rounded(text: string, places: number): string {
  const point = text.indexOf('.');
  if (point < 0 || text.length - point - 1 <= places) return text;
  if (!/^\d+\.\d+$/.test(text)) return text;
  const end = point + 1 + places;
  const kept = BigInt(text.slice(0, point) + text.slice(point + 1, end));
  return formatScaled(text.charCodeAt(end) >= FIVE ? kept + 1n : kept, places);
}
const FIVE = 53;
