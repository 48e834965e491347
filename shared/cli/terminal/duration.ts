const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Of a unit: fewer are told in the one below. */
const FEW = 2;

/** `40 s`, `35 min`, `3 h`, `4 days`. */
export function describeDuration(seconds: number): string {
  if (seconds < FEW * MINUTE) return `${Math.round(seconds)} s`;
  if (seconds < FEW * HOUR) return `${Math.round(seconds / MINUTE)} min`;
  if (seconds < FEW * DAY) return `${Math.round(seconds / HOUR)} h`;
  return `${Math.round(seconds / DAY)} days`;
}
