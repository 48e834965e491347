/**
 * Why records have not come over yet, where that is no matter of rate: their topic has no copy yet.
 *
 * @param produced records of each topic that the source acknowledged
 * @param copied records of each topic that were read from the target; none of a topic that is not there
 * @returns undefined when copies of every topic have come
 */
export function describeWaiting(
  produced: ReadonlyMap<string, number>,
  copied: ReadonlyMap<string, number>,
): string | undefined {
  const topics = [...produced].filter(([topic, count]) => count > 0 && !copied.get(topic));
  const begin = topics.filter(([topic]) => copied.has(topic));
  const missing = topics.filter(([topic]) => !copied.has(topic));
  const reasons = [
    ...(begin.length > 0 ? [`${countOf(begin)} wait for their first delivery (mapping and functions start)`] : []),
    ...(missing.length > 0 ? [`${countOf(missing)} wait for reconcile to find the topic`] : []),
  ];
  return reasons.length > 0 ? reasons.join('; ') : undefined;
}

function countOf(topics: readonly (readonly [topic: string, count: number])[]): string {
  return topics.map(([topic, count]) => `${count} of ${topic}`).join(', ');
}
