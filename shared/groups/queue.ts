import type { GroupPlan } from './plan.ts';
import { Reason } from './reason.ts';

/**
 * The order in which groups are set on the target. Where there are more that go on reading than a tick has time for, each
 * has its turn: the ones that have waited longest come first.
 */
export class GroupQueue {
  /** By group, the tick since which it waits. */
  #waiting = new Map<string, number>();
  #ticks = 0;

  inTurn(plans: readonly GroupPlan[]): GroupPlan[] {
    const since = ({ group }: GroupPlan) => this.#waiting.get(group) ?? Number.POSITIVE_INFINITY;
    return plans.toSorted((a, b) => (since(a) === since(b) ? 0 : since(a) - since(b)));
  }

  /** @param done the plans with what became of them */
  note(done: readonly GroupPlan[]): void {
    const tick = ++this.#ticks;
    const late = done.filter(({ partitions }) =>
      partitions.some(({ decision }) => decision.kind === 'left-out' && decision.reason === Reason.OutOfTime),
    );
    this.#waiting = new Map(late.map(({ group }) => [group, this.#waiting.get(group) ?? tick]));
  }
}
