import {
  consumerGroupDescribeV0,
  deleteGroupsV2,
  describeGroupsV5,
  listTransactionsV0,
  listTransactionsV1,
} from '@platformatic/kafka';

/** The calls that only runbooks make; as in `../apis.ts`. */
export const runbookApis = {
  /** From Kafka 3.0 on. */
  listTransactions: [listTransactionsV1.api, listTransactionsV0.api],
  describeGroups: [describeGroupsV5.api],
  /** Groups of KIP-848, from Kafka 3.7 on. */
  describeConsumerGroups: [consumerGroupDescribeV0.api],
  deleteGroups: [deleteGroupsV2.api],
} as const;
