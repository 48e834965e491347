import type { Cluster, Kafka, PartitionAssigner } from 'kafkajs';

/**
 * The connections of a kafkajs client that never makes a topic. kafkajs hands them to partition assigners, which are made
 * with their consumer; this consumer is never started, so it joins no group, and needs no right to one.
 */
export function captureCluster(kafka: Kafka): Cluster {
  const captured: Cluster[] = [];
  const assigner: PartitionAssigner = ({ cluster }) => {
    captured.push(cluster);
    return UNUSED;
  };
  kafka.consumer({ groupId: 'causeway-client', allowAutoTopicCreation: false, partitionAssigners: [assigner] });
  const [cluster] = captured;
  if (cluster === undefined) throw new TypeError('this kafkajs makes partition assigners later than version 2.2 does');
  return cluster;
}

const NOTHING = Buffer.alloc(0);
const UNUSED: ReturnType<PartitionAssigner> = {
  name: 'none',
  version: 0,
  assign: async () => [],
  protocol: () => ({ name: 'none', metadata: NOTHING }),
};
