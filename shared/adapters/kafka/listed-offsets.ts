import { wholeAnswer } from './groups/answer.ts';

/** A leader's answer where the logs of partitions begin or end. */
export interface ListedOffsets {
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly {
      readonly partitionIndex: number;
      readonly errorCode: number;
      readonly offset: bigint;
    }[];
  }[];
}

/** The answer that an error of single partitions was made of: the others are told in it. */
export const listedOffsets = wholeAnswer(
  (value): value is ListedOffsets => 'topics' in value && Array.isArray(value.topics),
);
