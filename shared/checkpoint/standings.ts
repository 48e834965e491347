import type { GroupPlan, PartitionPlan } from '../groups/plan.ts';
import { type LeftOut, Reason } from '../groups/reason.ts';

/** A partition of a group that stands otherwise than when it was last told. */
export interface StandingChange {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly detail: string | undefined;
}

export interface Standings {
  /** Partitions of all groups that are where they should be, or are on their way there. */
  readonly inStep: number;
  /** Partitions of all groups, by why they are left out. */
  readonly leftOut: ReadonlyMap<Reason, number>;
  /** Groups of which the source told nothing, ever. */
  readonly untold: ReadonlyMap<string, string>;
  /** Partitions that were in step, or left out for another reason, when `changes` was last asked. */
  readonly newlyLeftOut: ReadonlyMap<Reason, readonly StandingChange[]>;
  /** Partitions that were left out then, and no longer are. */
  readonly againInStep: readonly StandingChange[];
}

/**
 * How the partitions of all groups stand, and what of it is news. Partitions that come and go between two askings are
 * none: a group that commits in transactions would be told of at each.
 */
export class StandingsLog {
  readonly #commits: boolean;
  #told = new Map<string, Reason>();

  /** @param commits whether offsets are committed on the target; otherwise a place there is all there is to have */
  constructor(commits: boolean) {
    this.#commits = commits;
  }

  take(plans: readonly GroupPlan[]): Standings {
    const leftOut = new Map<Reason, number>();
    const untold = new Map<string, string>();
    const newlyLeftOut = new Map<Reason, StandingChange[]>();
    const againInStep: StandingChange[] = [];
    const now = new Map<string, Reason>();
    let inStep = 0;
    for (const plan of plans) {
      const { group } = plan;
      if (plan.untold) untold.set(group, plan.untold.code);
      for (const each of plan.partitions) {
        const { topic, partition } = each;
        const key = `${group}\n${topic}\n${partition}`;
        const before = this.#told.get(key);
        const standing = this.#leftOut(each);
        if (standing === undefined) {
          inStep++;
          if (before !== undefined) againInStep.push({ group, topic, partition, detail: before });
          continue;
        }
        const { reason, detail } = standing;
        now.set(key, reason);
        leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
        if (before === reason) continue;
        const news = newlyLeftOut.get(reason) ?? [];
        newlyLeftOut.set(reason, news);
        news.push({ group, topic, partition, detail });
      }
    }
    this.#told = now;
    return { inStep, leftOut, untold, newlyLeftOut, againInStep };
  }

  #leftOut({ place, decision }: PartitionPlan): LeftOut | undefined {
    const standing = this.#commits ? decision : place;
    return standing.kind === 'left-out' && standing.reason !== Reason.Unchanged ? standing : undefined;
  }
}
