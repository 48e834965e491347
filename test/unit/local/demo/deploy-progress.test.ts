import { expect, it } from 'vitest';
import { bootstrapProgress, deployProgress, outputSoFar } from '../../../../local/demo/deploy-progress.ts';

/** As cdk 2.1148.1 prints with `CI=true`. */
const deploying = [
  '✨  Synthesis time: 17.4s',
  'Causeway-us-east-1: deploying... [1/2]',
  'Causeway-us-west-2: deploying... [2/2]',
];
const event = (stack: string, counts: string) =>
  `${stack} | ${counts} | 12:27:11 PM | CREATE_COMPLETE         | AWS::CDK::Metadata             | CDKMetadata`;

it('says nothing before there is output, then that templates are made', () => {
  expect(deployProgress('')).toBe('');
  expect(deployProgress('✨  Synthesis time: 17.4s')).toBe('functions are bundled, templates made');
});

it('counts the resources of all stacks', () => {
  const events = [event('Causeway-us-east-1', ' 3/18'), event('Causeway-us-west-2', ' 4/19')];

  expect(deployProgress([...deploying].join('\n'))).toBe('0 of 2 stacks');
  expect(deployProgress([...deploying, ...events].join('\n'))).toBe('0 of 2 stacks, 7 of 37 resources');
});

it('goes by the last count of each stack, and counts the stacks that are done', () => {
  const events = [
    event('Causeway-us-east-1', ' 3/18'),
    event('Causeway-us-west-2', ' 4/19'),
    event('Causeway-us-east-1', '18/18'),
    '',
    '✅  Causeway-us-east-1',
    event('Causeway-us-west-2', '16/19'),
    'Causeway-us-west-2 | 17/1',
  ];

  expect(deployProgress([...deploying, ...events].join('\n'))).toBe('1 of 2 stacks, 34 of 37 resources');
});

it('takes a stack that needed no change for done', () => {
  expect(deployProgress([...deploying, ' ✅  Causeway-us-east-1 (no changes)'].join('\n'))).toBe('1 of 2 stacks');
});

it('counts the regions that are bootstrapped', () => {
  expect(bootstrapProgress('CDKToolkit |  0/12 | ...', 2)).toBe('0 of 2 regions');
  expect(bootstrapProgress('✅  Environment aws://000000000000/us-east-1 bootstrapped.', 2)).toBe('1 of 2 regions');
});

it('reads nothing from a log that is not there yet', () => {
  expect(outputSoFar('/nowhere/cdk-deploy.log')).toBe('');
});
