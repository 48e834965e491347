/** Topics worked on side by side: a fraction of what the Lambda control plane takes (15 requests a second). */
const TOPICS_AT_ONCE = 4;

/**
 * Works on `items`, a few at a time, beginning them in order for as long as `goOn` says so.
 * @returns the results of those begun, in order
 */
export async function sideBySide<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  goOn: () => boolean = () => true,
  atOnce = TOPICS_AT_ONCE,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    while (goOn()) {
      const next = queue.next();
      if (next.done) return;
      const [index, item] = next.value;
      results[index] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
