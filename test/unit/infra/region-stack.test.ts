import { Template } from 'aws-cdk-lib/assertions';
import { expect, test, vi } from 'vitest';
import { RegionStack, regionsOf } from '../../../infra/region-stack.ts';
import { EAST, example, newApp, WEST } from './example.ts';

// The first template that a process renders loads half of the CDK.
vi.setConfig({ testTimeout: 300_000 });

const BOTH_WAYS = [
  example({ reverse: { remoteTopics: 'us-west.*' } }),
  example({
    ...{ flow: { source: 'us-west', target: 'us-east' }, source: WEST, target: EAST, remoteTopics: 'us-west.*' },
    reverse: { remoteTopics: 'us-east.*' },
  }),
];

test('a pair of flows both ways has two tables, seven functions and four runbooks in each region', () => {
  expect(regionsOf(BOTH_WAYS)).toEqual(['us-east-1', 'us-west-2']);
  for (const region of regionsOf(BOTH_WAYS)) {
    const stack = new RegionStack(newApp(), `Causeway-${region}`, { region, flows: BOTH_WAYS });
    const rendered = Template.fromStack(stack);
    rendered.resourceCountIs('AWS::DynamoDB::Table', 2);
    rendered.resourceCountIs('AWS::Lambda::Function', 7);
    rendered.resourceCountIs('AWS::StepFunctions::StateMachine', 4);
    expect(stack.flows).toHaveLength(2);
  }
});

test('a flow without a half in the region is passed over', () => {
  const elsewhere = example({ target: { region: 'eu-west-1', bootstrapServers: ['b:9092'] } });
  const stack = new RegionStack(newApp(), 'Causeway-us-west-2', { region: 'us-west-2', flows: [elsewhere] });
  expect(stack.flows).toEqual([]);
});
