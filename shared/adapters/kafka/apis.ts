import {
  type API,
  addPartitionsToTxnV3,
  apiVersionsV3,
  createAclsV2,
  createAclsV3,
  createPartitionsV3,
  createTopicsV7,
  deleteAclsV2,
  deleteAclsV3,
  deleteTopicsV6,
  describeAclsV2,
  describeAclsV3,
  describeConfigsV4,
  describeProducersV0,
  endTxnV3,
  findCoordinatorV3,
  findCoordinatorV4,
  incrementalAlterConfigsV1,
  initProducerIdV4,
  listGroupsV4,
  listGroupsV5,
  listOffsetsV6,
  metadataV11,
  offsetCommitV8,
  offsetFetchV7,
  offsetFetchV8,
  offsetForLeaderEpochV4,
} from '@platformatic/kafka';

/**
 * The protocol calls that Causeway makes, each in the versions it can speak, newest first; the newest one that a broker
 * offers is used. All are offered by every Kafka from 2.8 to 4.1. Newer ones are left out where they would change what
 * the protocol stands on: AddPartitionsToTxn from 4 and EndTxn from 5 let the coordinator choose the epoch (KIP-890).
 */
export type ApiVersions<A extends unknown[], R> = readonly [API<A, R>, ...API<A, R>[]];

export const negotiateVersions = apiVersionsV3.api;

export const apis = {
  metadata: [metadataV11.api],
  listOffsets: [listOffsetsV6.api],
  offsetForLeaderEpoch: [offsetForLeaderEpochV4.api],
  findCoordinator: [findCoordinatorV3.api],
  initProducerId: [initProducerIdV4.api],
  addPartitionsToTxn: [addPartitionsToTxnV3.api],
  endTxn: [endTxnV3.api],
  describeProducers: [describeProducersV0.api],
  describeConfigs: [describeConfigsV4.api],
  incrementalAlterConfigs: [incrementalAlterConfigsV1.api],
  createTopics: [createTopicsV7.api],
  deleteTopics: [deleteTopicsV6.api],
  createPartitions: [createPartitionsV3.api],
  describeAcls: [describeAclsV3.api, describeAclsV2.api],
  createAcls: [createAclsV3.api, createAclsV2.api],
  deleteAcls: [deleteAclsV3.api, deleteAclsV2.api],
  /** Only version 5, from Kafka 3.8, tells a group's type. */
  listGroups: [listGroupsV5.api, listGroupsV4.api],
  offsetFetch: [offsetFetchV7.api],
  offsetCommit: [offsetCommitV8.api],
} as const;

/** Calls for many groups at once, from Kafka 3.0 on; before, `apis` has the same for one. */
export const manyGroupsApis = {
  findCoordinators: [findCoordinatorV4.api],
  offsetFetch: [offsetFetchV8.api],
} as const;

/** FindCoordinator's key types: of a consumer group, and of a transactional id. */
export const GROUP_COORDINATOR = 0;
export const TRANSACTION_COORDINATOR = 1;
/** ListOffsets' timestamps that stand for the log's two ends. */
export const EARLIEST = -2n;
export const LATEST = -1n;
/** A consumer, where a request names the replica that asks. */
export const CONSUMER_REPLICA = -1;
export const READ_UNCOMMITTED = 0;
export const READ_COMMITTED = 1;
