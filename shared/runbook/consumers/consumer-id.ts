import type { ConsumerId } from '../ports/consumers.ts';

export function isSame(a: ConsumerId, b: ConsumerId): boolean {
  return a.consumer === b.consumer && a.topic === b.topic && a.group === b.group;
}

export function includes(all: readonly ConsumerId[], id: ConsumerId): boolean {
  return all.some((each) => isSame(each, id));
}

/** Each once, in the order in which they come. */
export function union(all: readonly ConsumerId[], more: readonly ConsumerId[]): readonly ConsumerId[] {
  const added = more.filter((each) => !includes(all, each));
  return [...all, ...added.map(({ consumer, topic, group }) => ({ consumer, topic, group }))];
}

/** `billing (orders, group billing-eu)` */
export function describeConsumer({ consumer, topic, group }: ConsumerId): string {
  return `${consumer} (${topic}, group ${group})`;
}
