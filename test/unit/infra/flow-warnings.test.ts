import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { sourceWarnings, targetWarnings } from '../../../infra/flow/flow-warnings.ts';
import { ReplicationFlow } from '../../../infra/flow/replication-flow.ts';
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

describe('heartbeats that a flow awaits', () => {
  const BACK = example({
    flow: { source: 'us-west', target: 'us-east' },
    ...{ source: WEST, target: EAST, heartbeatsOnly: true, remoteTopics: 'us-west.*' },
  });
  const silence = Match.stringLikeRegexp('us-east->us-west: no flow of this app writes heartbeats to us-east');

  test('and no flow of the app writes are warned of', () => {
    Annotations.fromStack(build(example(), 'us-west-2').stack).hasWarning('*', silence);
  });

  test.each([
    ['where another app is said to write them', { heartbeatsArrive: true }],
    ['where none are said to arrive', { heartbeatsArrive: false }],
    ['where nothing alarms', { alarms: { enabled: false } }],
    ['where the flow has no function that awaits them', { heartbeats: false }],
  ])('are not %s', (_, changes) => {
    Annotations.fromStack(build(example(changes), 'us-west-2').stack).hasNoWarning('*', silence);
  });

  test('are not where a flow of the app writes them, whichever is made first', () => {
    const { app, stack } = build(example(), 'us-west-2');
    const east = new Stack(app, 'East', { env: { region: 'us-east-1' } });
    new ReplicationFlow(east, 'WestToEast', BACK);

    Annotations.fromStack(stack).hasNoWarning('*', silence);
    Annotations.fromStack(east).hasNoWarning('*', Match.stringLikeRegexp('writes heartbeats'));
  });
});

test('a half that is not made warns of nothing', () => {
  const outside = example({ source: EAST_OUTSIDE, target: WEST, heartbeatsOnly: true });

  expect(sourceWarnings(outside)).toEqual([]);
  expect(targetWarnings(outside)).toMatchObject([{ id: 'causeway:noTargetVpc', key: 'us-west.causeway.vpc.id' }]);
  expect(targetWarnings({ ...outside, heartbeats: false })).toEqual([]);
});
