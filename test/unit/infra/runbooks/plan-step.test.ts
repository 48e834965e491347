import { describe, expect, test, vi } from 'vitest';
import { example, template } from '../example.ts';
import { rightsOf } from '../statements.ts';

vi.setConfig({ testTimeout: 300_000 });

const NAME = 'causeway-us-east-to-us-west';
const BOTH_WAYS = { runbooks: { planSteps: true }, reverse: { remoteTopics: 'us-west.*' } };
const KEY = 'arn:aws:kms:us-west-2:111122223333:key/0a0a0a0a-1111-2222-3333-444444444444';
const [EAST, WEST] = ['us-east-1', 'us-west-2'];

const stepsIn = (region: string, changes: Parameters<typeof example>[0]) =>
  Object.values(template(example(changes), region).findResources('AWS::Lambda::Function'))
    .map(({ Properties }) => Properties)
    .filter(({ FunctionName }) => FunctionName.endsWith('-step'));
const namesIn = (...asked: Parameters<typeof stepsIn>) => stepsIn(...asked).map(({ FunctionName }) => FunctionName);

describe('Steps of a plan', () => {
  test('are nothing that is there unless they are asked for', () => {
    expect([namesIn(WEST, {}), namesIn(EAST, {})]).toEqual([[], []]);
    const off = { ...BOTH_WAYS, runbooks: { planSteps: true, enabled: false } };
    expect([namesIn(WEST, off), namesIn(EAST, off)]).toEqual([[], []]);
  });

  test('stand in the region that is activated, and there is none back where there is no way back', () => {
    expect(namesIn(WEST, BOTH_WAYS)).toEqual([`${NAME}-switchover-step`, `${NAME}-failover-step`]);
    expect(namesIn(EAST, BOTH_WAYS)).toEqual([`${NAME}-failback-step`]);
    expect(namesIn(EAST, { runbooks: { planSteps: true } })).toEqual([]);
  });

  test('each know one state machine and the registry, which are beside the target wherever they are', () => {
    for (const [region, kinds] of [
      [WEST, ['switchover', 'failover']],
      [EAST, ['failback']],
    ] as const)
      for (const [index, kind] of kinds.entries()) {
        const step = stepsIn(region, BOTH_WAYS)[index];
        expect(step).toMatchObject({ Timeout: 900, MemorySize: 256 });
        expect(step?.VpcConfig).toBeUndefined();
        const variables = step?.Environment.Variables;
        expect(variables).toMatchObject({ RUNBOOK: kind, REGISTRY_TABLE: `${NAME}-registry`, REGISTRY_REGION: WEST });
        expect(JSON.stringify(variables?.STATE_MACHINE)).toMatch(
          new RegExp(`:states:${WEST}:.*stateMachine:${NAME}-${kind}"`),
        );
      }
  });

  test('may start one machine, look at its executions and read the registry', () => {
    const rights = (changes: object) =>
      rightsOf(template(example({ ...BOTH_WAYS, ...changes }), EAST), 'FailbackStep').filter(
        (right) => !right.startsWith('logs:'),
      );
    expect(rights({})).toEqual([
      expect.stringMatching(/^states:StartExecution .*stateMachine:causeway-us-east-to-us-west-failback$/),
      expect.stringMatching(/^states:ListExecutions .*stateMachine:causeway-us-east-to-us-west-failback$/),
      expect.stringMatching(/^states:DescribeExecution .*execution:causeway-us-east-to-us-west-failback:\*$/),
      `dynamodb:GetItem ${NAME}-registry`,
    ]);
    expect(rights({ offsetMapKeyArn: KEY })).toContain(`kms:Decrypt ${KEY.split('/')[1]}`);
  });

  test('are told by their ARNs', () => {
    const outputs = Object.keys(template(example(BOTH_WAYS), WEST).findOutputs('*'));
    expect(outputs.filter((name) => name.includes('Step'))).toHaveLength(2);
  });
});
