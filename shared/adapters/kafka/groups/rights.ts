import type { NeededRight } from '../errors.ts';

/** As in `../rights.ts`. Committing an offset also needs Read on the topic. */
export const groupRights = {
  listGroups: (): NeededRight => ({ acl: 'Describe on the cluster', iamAction: 'kafka-cluster:DescribeCluster' }),
  describeGroup: (group: string): NeededRight => ({
    acl: `Describe on group ${group}`,
    iamAction: 'kafka-cluster:DescribeGroup',
  }),
} as const;
