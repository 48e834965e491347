/** The largest record timestamp, ms since the epoch; -1 where there is none. */
export function newestTimestamp(records: readonly { readonly timestamp: number }[]): number {
  let newest = -1;
  for (const { timestamp } of records) if (timestamp > newest) newest = timestamp;
  return newest;
}
