import { describe, expect, test } from 'vitest';
import { faultsOf, findFlow, flow, parse } from './two-clusters.ts';

const REGIONS = ['us-east.causeway.region = us-east-1', 'us-west.causeway.region = us-west-2'];
const arn = (region: string, name: string) => `arn:aws:lambda:${region}:111122223333:function:${name}`;

describe('Lambda consumers of the users’ own', () => {
  test('are none unless a file lists them', () => {
    expect(flow().lambdaConsumers).toEqual([]);
  });

  test('have one name in both regions, or two, the source’s first', () => {
    const { lambdaConsumers } = flow(
      'us-east->us-west.causeway.lambda.consumers = billing, fraud-east -> fraud-west:live',
    );
    expect(lambdaConsumers).toEqual([
      { source: 'billing', target: 'billing' },
      { source: 'fraud-east', target: 'fraud-west:live' },
    ]);
  });

  test('named by one ARN are those of that name in the other region too', () => {
    const both = { source: arn('us-east-1', 'billing:live'), target: arn('us-west-2', 'billing:live') };
    for (const named of [both.source, both.target])
      expect(flow(...REGIONS, `causeway.lambda.consumers = ${named}`).lambdaConsumers).toEqual([both]);
  });

  test('named by two ARNs are each in its own region, for the flows of both ways', () => {
    const [east, west] = [arn('us-east-1', 'fraud-e'), arn('us-west-2', 'fraud-w')];
    const parsed = parse(...REGIONS, `causeway.lambda.consumers = ${east}->${west}`);
    expect(findFlow(parsed, 'us-east', 'us-west').lambdaConsumers).toEqual([{ source: east, target: west }]);
    expect(findFlow(parsed, 'us-west', 'us-east').lambdaConsumers).toEqual([{ source: west, target: east }]);
  });

  test('of two names are said of one flow: whose name is whose depends on it', () => {
    expect(faultsOf('causeway.lambda.consumers = fraud-east->fraud-west')[0]).toMatchObject({
      line: 5,
      expected: expect.stringMatching(/to be said of one flow: .*->.*\.causeway\.lambda\.consumers/),
    });
  });

  test.each(['bill ing', 'a->b->c', 'billing->', 'arn:aws:sqs:us-east-1:111122223333:queue'])(
    '%s is a fault',
    (item) => {
      expect(faultsOf(`causeway.lambda.consumers = ${item}`)).toMatchObject([
        { line: 5, expected: expect.stringContaining('pairs of them') },
      ]);
    },
  );

  test('an ARN of another region is a fault', () => {
    const [east, elsewhere] = [arn('us-east-1', 'billing'), arn('eu-west-1', 'billing')];
    for (const [item, named] of [
      [`${east}->${east}`, `us-west-2, not ${east}`],
      [elsewhere, `us-east-1, not ${elsewhere}`],
    ]) {
      const [first] = faultsOf(...REGIONS, `causeway.lambda.consumers = ${item}`);
      expect(first).toMatchObject({ line: 7, expected: expect.stringContaining(`a function in ${named}`) });
    }
  });
});
