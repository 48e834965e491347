import type { MirrorMaker2 } from '../local/kafka/mirror-maker-2.ts';
import { until } from '../local/region/until.ts';
import { ConsumerGroups } from '../shared/adapters/kafka/groups/consumer-groups.ts';
import { openMirrorClient } from '../shared/client/index.ts';
import { targetOffset } from '../shared/flow/offset.ts';
import { isTold } from '../shared/groups/committed-offsets.ts';
import type { Side } from '../test/integration/translation/replicated-flow.ts';

const SETTLED_WITHIN_MS = 300_000;
/** Twenty intervals of its checkpoints and four of its offset flushes. */
const UNCHANGED_FOR_MS = 20_000;
const CHECKPOINTS_WITHIN_MS = 30_000;

/** Offsets on the target by group, then by partition of the copy. */
type Offsets = ReadonlyMap<string, ReadonlyMap<number, number>>;

export interface MirroredGroupsOptions {
  readonly target: Side;
  /** MirrorMaker 2's copy of the topic. */
  readonly copy: string;
  readonly sourceAlias: string;
  readonly groups: readonly string[];
}

/** The groups as MirrorMaker 2 carries them over: where it has set them, and what its checkpoints say. */
export class MirroredGroups {
  readonly #options: MirroredGroupsOptions;

  constructor(options: MirroredGroupsOptions) {
    this.#options = options;
  }

  /** Waits until it has set offsets and moves them no more. */
  async untilSettled(mirrorMaker: MirrorMaker2): Promise<Offsets> {
    let [seen, seenAt]: [Offsets, number] = [new Map(), performance.now()];
    await until(
      async () => {
        const now = await this.#committed();
        if (inWords(now) !== inWords(seen)) [seen, seenAt] = [now, performance.now()];
        return seen.size > 0 && performance.now() - seenAt >= UNCHANGED_FOR_MS;
      },
      SETTLED_WITHIN_MS,
      (last) => new Error(`MirrorMaker 2 did not settle (${last}): ${inWords(seen)}`),
      mirrorMaker.ended,
    );
    return seen;
  }

  /** @throws Error unless its checkpoints, as clients read them, say what it has set */
  async compareWithCheckpoints(settled: Offsets): Promise<void> {
    const { target, copy, sourceAlias, groups } = this.#options;
    const client = openMirrorClient({ kafka: target.kafka });
    const said = new Map<string, ReadonlyMap<number, number>>();
    for (const group of groups) {
      const { offsets } = await client.remoteConsumerOffsets(group, sourceAlias, CHECKPOINTS_WITHIN_MS);
      const ofCopy = offsets.filter(({ topic }) => topic === copy);
      if (ofCopy.length > 0) said.set(group, new Map(ofCopy.map(({ partition, offset }) => [partition, offset])));
    }
    await client.close();
    const [checkpoints, committed] = [inWords(said), inWords(settled)];
    if (checkpoints !== committed)
      throw new Error(`MirrorMaker 2's checkpoints say ${checkpoints}, and it has set ${committed}`);
  }

  async #committed(): Promise<Offsets> {
    const { target, copy, groups } = this.#options;
    const told = await new ConsumerGroups(target.cluster, { toOffset: targetOffset }).committed(groups);
    const committed = new Map<string, ReadonlyMap<number, number>>();
    for (const [group, offsets] of told) {
      if (!isTold(offsets)) throw new Error(`${group}: ${offsets.code}`);
      const ofCopy = [...(offsets.get(copy) ?? [])].flatMap(([partition, each]) =>
        isTold(each) ? [[partition, each.offset] as const] : [],
      );
      if (ofCopy.length > 0) committed.set(group, new Map(ofCopy));
    }
    return committed;
  }
}

/** Equal text means equal offsets. */
function inWords(offsets: Offsets): string {
  const groups = [...offsets].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(groups.map(([group, of]) => [group, [...of].toSorted(([a], [b]) => a - b)]));
}
