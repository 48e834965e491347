import { describe, expect, test, vi } from 'vitest';
import { readFlow } from '../../../../infra/configuration.ts';
import { example, template, writeConfiguration } from '../example.ts';

// The first template that a process renders loads half of the CDK.
vi.setConfig({ testTimeout: 300_000 });

const ACCOUNT = '111122223333';
const EAST = `arn:aws:lambda:us-east-1:${ACCOUNT}`;
const WEST = `arn:aws:lambda:us-west-2:${ACCOUNT}`;

/** What the function may update, by the ARN of the mappings: of which functions. */
function switched(changes: Parameters<typeof example>[0]) {
  const roles = Object.entries(template(example(changes), 'us-west-2').findResources('AWS::IAM::Role'));
  const statements = roles
    .filter(([id]) => id.includes('RunbookRole'))
    .flatMap(([, role]) => role.Properties.Policies[0].PolicyDocument.Statement);
  return statements
    .filter(({ Action }) => [Action].flat().includes('lambda:UpdateEventSourceMapping'))
    .map(({ Resource, Condition }) => [flat(Resource), flat(Condition.ArnEquals['lambda:FunctionArn'])]);
}

/** An ARN with CloudFormation's partition and account written out. */
function flat(value: unknown): string {
  const text = JSON.stringify(value)
    .replaceAll('{"Ref":"AWS::Partition"}', '"aws"')
    .replaceAll('{"Ref":"AWS::AccountId"}', `"${ACCOUNT}"`);
  return text.replaceAll(/\{"Fn::Join":\["",\[(.*?)\]\]\}/g, (_, parts: string) => parts.replaceAll('","', ''));
}

describe('The right to switch mappings of Lambda consumers', () => {
  test('is there for those that are listed alone, each in its region', () => {
    expect(switched({})).toHaveLength(1);
    const lambdaConsumers = {
      source: ['billing', `${EAST}:function:fraud-east:live`],
      target: ['billing', 'fraud-west'],
    };
    expect(switched({ runbooks: { lambdaConsumers } }).slice(1)).toEqual([
      [`"${EAST}:event-source-mapping:*"`, `["${EAST}:function:billing","${EAST}:function:fraud-east:live"]`],
      [`"${WEST}:event-source-mapping:*"`, `["${WEST}:function:billing","${WEST}:function:fraud-west"]`],
    ]);
  });

  test('is never that of a pattern', () => {
    const lambdaConsumers = { source: ['*'], target: ['billing'] };
    expect(() => switched({ runbooks: { lambdaConsumers } })).toThrow(
      'runbooks.lambdaConsumers: * is neither a name nor an ARN of a function',
    );
  });

  test('follows the configuration', async () => {
    const configured = async (line: string) => {
      const { runbooks } = await readFlow(writeConfiguration(line), 'us-east->us-west');
      return runbooks?.lambdaConsumers;
    };
    expect(await configured('')).toBeUndefined();
    expect(await configured('us-east->us-west.causeway.lambda.consumers = billing, fraud-east->fraud-west')).toEqual({
      source: ['billing', 'fraud-east'],
      target: ['billing', 'fraud-west'],
    });
  });
});
