import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { parameterName } from '../../../shared/runbook/registry/published-entry.ts';
import type { Grant } from '../grant.ts';
import { DEFAULT_PREFIX } from '../names.ts';
import { readOffsetMap, readWithKey, useKey, useOffsetMap } from '../permissions.ts';
import type { ReplicationFlowProps } from '../props.ts';
import type { FlowParts } from './reverse-flow.ts';

/** The registry, its history and the journal of runs. Nothing of them is ever deleted. */
export function useRegistry(tableArn: string, keyArn: string | undefined): Grant[] {
  const actions = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'].map((action) => `dynamodb:${action}`);
  return [{ statement: new PolicyStatement({ actions, resources: [tableArn] }) }, ...useKey(keyArn)];
}

/** Where applications are and whether a runbook is running, and no more. */
export function lookAtRegistry(registryArn: string, keyArn: string | undefined): Grant[] {
  const read = new PolicyStatement({ actions: ['dynamodb:GetItem'], resources: [registryArn] });
  return [{ statement: read }, ...readWithKey(keyArn)];
}

/** What `heartbeat` notes of the source: one item, read back once when it begins. */
export function noteSourceEnds(tableArn: string, keyArn: string | undefined): Grant[] {
  const actions = ['dynamodb:GetItem', 'dynamodb:PutItem'];
  return [{ statement: new PolicyStatement({ actions, resources: [tableArn] }) }, ...useKey(keyArn)];
}

/** Holding a flow and letting it go: its offset map, and its mappings, which are disabled and enabled and no more. */
export function stopAndStart(scope: Construct, parts: FlowParts): Grant[] {
  const { offsetMapArn, offsetMapKeyArn, replicate, replicateRegion } = parts;
  return [
    ...useOffsetMap(offsetMapArn, offsetMapKeyArn),
    ...readOffsetMap(offsetMapArn, undefined),
    ...switchMappings(scope, replicateRegion, [replicate]),
  ];
}

/** Disabling and enabling the mappings of functions of the users' own, in both regions; no other setting, and no other function's. */
export function switchConsumers(scope: Construct, { source, target, runbooks = {} }: ReplicationFlowProps): Grant[] {
  const { source: here = [], target: there = [] } = runbooks.lambdaConsumers ?? {};
  return [
    ...switchMappings(scope, source.region, here),
    ...(source.region === target.region && same(here, there) ? [] : switchMappings(scope, target.region, there)),
  ];
}

function same(here: readonly string[], there: readonly string[]): boolean {
  return here.join() === there.join();
}

function switchMappings(scope: Construct, region: string, functions: readonly string[]): Grant[] {
  if (functions.length === 0) return [];
  const arns = functions.map((name) => (name.startsWith('arn:') ? name : lambdaArn(scope, region, 'function', name)));
  return [
    {
      statement: new PolicyStatement({
        actions: ['lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping'],
        resources: [lambdaArn(scope, region, 'event-source-mapping', '*')],
        conditions: { ArnEquals: { 'lambda:FunctionArn': arns } },
      }),
      wildcardBecause: 'Mappings are named when they are made; a condition allows those of the functions named.',
    },
  ];
}

function lambdaArn(scope: Construct, region: string, resource: string, resourceName: string): string {
  const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
  return Stack.of(scope).formatArn({ service: 'lambda', region, resource, resourceName, arnFormat });
}

export function listMappings(): Grant[] {
  return [
    {
      statement: new PolicyStatement({ actions: ['lambda:ListEventSourceMappings'], resources: ['*'] }),
      wildcardBecause: 'lambda:ListEventSourceMappings knows no resource.',
    },
  ];
}

/** Whether the execution that holds the lock is still running. @param machines their names */
export function lookAtExecutions(scope: Construct, machines: readonly string[]): Grant[] {
  const executions = machines.map((name) =>
    Stack.of(scope).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${name}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  );
  return [
    {
      statement: new PolicyStatement({ actions: ['states:DescribeExecution'], resources: executions }),
      wildcardBecause: 'An execution is named when it is started.',
    },
  ];
}

/** One parameter in each of the two regions. */
export function publish(scope: Construct, props: ReplicationFlowProps): Grant[] {
  const { namePrefix = DEFAULT_PREFIX, flow, source, target } = props;
  const resources = [...new Set([target.region, source.region])].map((region) =>
    Stack.of(scope).formatArn({
      service: 'ssm',
      region,
      resource: 'parameter',
      resourceName: parameterName(namePrefix, flow).slice(1),
    }),
  );
  return [{ statement: new PolicyStatement({ actions: ['ssm:GetParameter', 'ssm:PutParameter'], resources }) }];
}

export function writeReports(bucket: Bucket): Grant[] {
  return [
    {
      statement: new PolicyStatement({ actions: ['s3:PutObject'], resources: [bucket.arnForObjects('*')] }),
      wildcardBecause: 'A report is named after its run.',
    },
  ];
}
