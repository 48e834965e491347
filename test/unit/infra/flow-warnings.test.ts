import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { sourceWarnings, targetWarnings } from '../../../infra/flow/flow-warnings.ts';
import { build, EAST, example, WEST } from './example.ts';

const { vpc: _, ...EAST_OUTSIDE } = EAST;

test('synthesis names the key of the file, and the property, of a VPC that is missing', () => {
  const { stack } = build(example({ source: EAST_OUTSIDE }), 'us-east-1');

  Annotations.fromStack(stack).hasWarning(
    '*',
    Match.stringLikeRegexp(
      'us-east->us-west: us-east\\.causeway\\.vpc\\.id \\(source\\.vpc of a construct\\) is missing',
    ),
  );
});

test('a half that is not made warns of nothing', () => {
  const outside = example({ source: EAST_OUTSIDE, target: WEST, heartbeatsOnly: true });

  expect(sourceWarnings(outside)).toEqual([]);
  expect(targetWarnings(outside)).toMatchObject([{ id: 'causeway:noTargetVpc', key: 'us-west.causeway.vpc.id' }]);
  expect(targetWarnings({ ...outside, heartbeats: false })).toEqual([]);
});
