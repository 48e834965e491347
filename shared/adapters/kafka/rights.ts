import type { NeededRight } from './errors.ts';

/**
 * What each request needs, as Kafka's ACLs and as Amazon MSK's IAM actions name it (Amazon MSK developer guide,
 * "Semantics of IAM authorization policy actions and resources").
 */
export const rights = {
  connect: (): NeededRight => ({ acl: 'a connection to the cluster', iamAction: 'kafka-cluster:Connect' }),
  writeTopic: (topic: string): NeededRight => ({
    acl: `Write on topic ${topic}`,
    iamAction: 'kafka-cluster:WriteData, with kafka-cluster:WriteDataIdempotently on the cluster',
  }),
  readTopic: (topic: string): NeededRight => ({ acl: `Read on topic ${topic}`, iamAction: 'kafka-cluster:ReadData' }),
  describeTopic: (topic: string): NeededRight => ({
    acl: `Describe on topic ${topic}`,
    iamAction: 'kafka-cluster:DescribeTopic',
  }),
  describeTopicConfigs: (topic: string): NeededRight => ({
    acl: `DescribeConfigs on topic ${topic}`,
    iamAction: 'kafka-cluster:DescribeTopicDynamicConfiguration',
  }),
  alterTopicConfigs: (topic: string): NeededRight => ({
    acl: `AlterConfigs on topic ${topic}`,
    iamAction: 'kafka-cluster:AlterTopicDynamicConfiguration',
  }),
  describeAcls: (): NeededRight => ({
    acl: 'Describe on the cluster',
    iamAction: 'kafka-cluster:DescribeCluster',
  }),
  alterAcls: (): NeededRight => ({ acl: 'Alter on the cluster', iamAction: 'kafka-cluster:AlterCluster' }),
  deleteTopic: (topic: string): NeededRight => ({
    acl: `Delete on topic ${topic}`,
    iamAction: 'kafka-cluster:DeleteTopic',
  }),
  createTopic: (topic: string): NeededRight => ({
    acl: `Create on topic ${topic}`,
    iamAction: 'kafka-cluster:CreateTopic',
  }),
  alterTopic: (topic: string): NeededRight => ({
    acl: `Alter on topic ${topic}`,
    iamAction: 'kafka-cluster:AlterTopic',
  }),
  describeTransactionalId: (id: string): NeededRight => ({
    acl: `Describe on transactional id ${id}`,
    iamAction: 'kafka-cluster:DescribeTransactionalId',
  }),
  writeTransactionalId: (id: string): NeededRight => ({
    acl: `Write on transactional id ${id}`,
    iamAction: 'kafka-cluster:AlterTransactionalId',
  }),
} as const;
