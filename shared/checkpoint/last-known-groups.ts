import type { SourceOffset } from '../flow/offset.ts';
import { type CommittedOffset, type GroupOffsets, isTold, type OffsetsOfGroups } from '../groups/committed-offsets.ts';
import type { SourceGroups } from '../groups/tick.ts';
import type { TopicItem } from '../ledger/topic-registry.ts';
import type { LatestCheckpoints } from '../mm2/latest-checkpoints.ts';

/** The source's groups as they are to be translated. */
export interface KnownGroups {
  readonly groups: SourceGroups;
  /** When the oldest offsets among them were asked for, ms since the epoch; undefined when there are none. */
  readonly oldestAt: number | undefined;
  /** Groups whose offsets are from before, because the source did not tell them now. */
  readonly kept: number;
}

interface Known {
  readonly offsets: GroupOffsets<SourceOffset>;
  readonly readAt: number;
}

/** What the source told last of each group. It stands in for what the source does not tell now, be it one group or all. */
export class LastKnownGroups {
  readonly #known = new Map<string, Known>();

  /** Whether anything is known. */
  get empty(): boolean {
    return this.#known.size === 0;
  }

  /**
   * What was read now, completed by what was known.
   * @param complete whether all brokers were heard: groups that are not listed are gone then
   */
  take(reading: SourceGroups, complete: boolean): KnownGroups {
    for (const [group, offsets] of reading.offsets)
      if (isTold(offsets)) this.#known.set(group, { offsets, readAt: reading.readAt });
    if (complete) for (const group of this.#known.keys()) if (!reading.offsets.has(group)) this.#known.delete(group);
    return this.#with(reading);
  }

  /** All that is known, for a source that does not answer. */
  all(now: number): KnownGroups {
    const selection = { selected: [...this.#known.keys()], leftOut: new Map<string, string>() };
    return this.#with({ readAt: now, selection, offsets: new Map(), logs: undefined });
  }

  /**
   * What the checkpoints topic tells of the source, for a function that begins while the source does not answer. A group
   * may have gone on since its last checkpoint: it is then found where it was.
   * @param newestAt time of the newest checkpoint, ms since the epoch
   */
  recall(
    latest: LatestCheckpoints,
    newestAt: number,
    topics: ReadonlyMap<string, TopicItem>,
    covers: (group: string) => boolean,
  ): void {
    const byRemoteTopic = new Map([...topics.values()].map((item) => [item.remoteTopic, item]));
    for (const group of latest.groups()) {
      if (!covers(group)) continue;
      const offsets = new Map<string, Map<number, CommittedOffset<SourceOffset>>>();
      for (const { topic: remoteTopic, partition, upstreamOffset: offset, metadata } of latest.of(group)) {
        const item = byRemoteTopic.get(remoteTopic);
        if (item === undefined) continue;
        const ofTopic = offsets.get(item.topic) ?? new Map();
        offsets.set(item.topic, ofTopic.set(partition, { offset, leaderEpoch: -1, metadata }));
      }
      this.#known.set(group, { offsets, readAt: newestAt });
    }
  }

  #with(reading: SourceGroups): KnownGroups {
    const told = new Map(reading.offsets);
    let kept = 0;
    for (const [group, { offsets, readAt }] of this.#known) {
      const now = reading.offsets.get(group);
      if (now !== undefined && isTold(now)) continue;
      told.set(group, offsets);
      if (readAt !== reading.readAt) kept++;
    }
    const ages = [...told.keys()].flatMap((group) => this.#known.get(group)?.readAt ?? []);
    const offsets: OffsetsOfGroups<SourceOffset> = told;
    const oldestAt = ages.length === 0 ? undefined : ages.reduce((oldest, each) => Math.min(oldest, each));
    return { groups: { ...reading, offsets }, oldestAt, kept };
  }
}
