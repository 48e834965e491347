import { holdBreaks } from './mutations/holds.ts';
import type { Mutation } from './mutations/mutation.ts';
import { oldRecordBreaks } from './mutations/old-records.ts';
import { producerBreaks } from './mutations/producer-ids.ts';
import { sequenceBreaks } from './mutations/sequences.ts';
import { sourceBreaks } from './mutations/source.ts';
import { targetBreaks } from './mutations/target.ts';

export const mutations: readonly Mutation[] = [
  ...sequenceBreaks,
  ...producerBreaks,
  ...oldRecordBreaks,
  ...sourceBreaks,
  ...targetBreaks,
  ...holdBreaks,
];
