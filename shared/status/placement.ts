import type { ClusterMetadata } from '../adapters/kafka/metadata.ts';
import { describeTopicPartition } from '../mm2/topic-partition.ts';

/** Why one failure more could lose or stop a partition. */
export const Risk = {
  /** Brokers that have replicas of it are not in step, or not there. */
  UnderReplicated: 'under-replicated',
  /** Brokers are in several racks, and all of its replicas in one. */
  OneRack: 'one-rack',
  /** Its replicas could be in more racks, or more evenly in those they are in: the loss of one takes more than it must. */
  Uneven: 'uneven',
} as const;
export type Risk = (typeof Risk)[keyof typeof Risk];

export interface PartitionAtRisk {
  /** `orders-3` */
  readonly partition: string;
  readonly risk: Risk;
}

export interface Placement {
  readonly atRisk: readonly PartitionAtRisk[];
  /** What no other placement would mend, and what keeps placements from being looked at. */
  readonly remarks: readonly string[];
}

type Metadata = Pick<ClusterMetadata, 'brokers' | 'racks' | 'topics'>;

/**
 * How the partitions of some topics are placed now; those with one replica are meant to be. Spread evenly over all racks,
 * most of a partition's replicas outlive the loss of any one, whatever `min.insync.replicas` is: so that is not asked for.
 */
export function placementOf(cluster: Metadata, names: readonly string[]): Placement {
  const partitions = names.flatMap((topic) =>
    [...(cluster.topics.get(topic)?.partitions.values() ?? [])].map((each) => ({ topic, ...each })),
  );
  return {
    atRisk: partitions.flatMap(({ replicas, inSyncReplicas, ...place }) => {
      const partition = describeTopicPartition(place);
      const racks = rackRisk(cluster, replicas);
      return [
        ...(inSyncReplicas.length < replicas.length ? [{ partition, risk: Risk.UnderReplicated }] : []),
        ...(racks === undefined ? [] : [{ partition, risk: racks }]),
      ];
    }),
    remarks: [
      ...withoutRack(cluster),
      ...twoRacks(
        cluster,
        partitions.map(({ replicas }) => replicas),
      ),
    ],
  };
}

/** Undefined where nothing is wrong, or where racks are not known. */
function rackRisk({ racks }: Metadata, replicas: readonly number[]): Risk | undefined {
  const racksThere = new Set(racks.values()).size;
  const own = replicas.flatMap((broker) => racks.get(broker) ?? []);
  if (racksThere < 2 || replicas.length < 2 || own.length < replicas.length) return undefined;
  const inOneRack = [...Map.groupBy(own, (rack) => rack).values()].map(({ length }) => length);
  if (inOneRack.length === 1) return Risk.OneRack;
  const asManyAsCan = inOneRack.length >= Math.min(replicas.length, racksThere);
  return asManyAsCan && Math.max(...inOneRack) <= Math.ceil(replicas.length / racksThere) ? undefined : Risk.Uneven;
}

/** A cluster in which no broker tells a rack is taken to be in one place. */
function withoutRack({ brokers, racks }: Metadata): readonly string[] {
  const missing = [...brokers.keys()].filter((broker) => !racks.has(broker)).toSorted((a, b) => a - b);
  if (missing.length === 0 || racks.size === 0) return [];
  const who = missing.length === 1 ? `broker ${missing[0]} tells` : `brokers ${missing.join(', ')} tell`;
  return [`${who} no rack (broker.rack): replicas there may share one with others`];
}

/** Of three replicas in two racks one rack has two, and takes the majority with it. */
function twoRacks({ racks }: Metadata, replicas: readonly (readonly number[])[]): readonly string[] {
  const odd = replicas.filter(({ length }) => length > 2 && length % 2 === 1);
  if (new Set(racks.values()).size !== 2 || odd.length === 0) return [];
  return [
    `it has two racks: of ${odd.length === 1 ? 'a partition' : `${odd.length} partitions`} with an odd number of replicas one of them has most, and its loss may stop who writes (min.insync.replicas), however they are placed; a third rack mends it, or one replica more`,
  ];
}
