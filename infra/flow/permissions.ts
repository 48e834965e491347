import { Aws } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Grant } from './grant.ts';
import type { FlowCluster, ReferencedArns } from './props.ts';

/** What a function logs in to clusters with, by what it does; each by ARN. */
export function logIn(client: keyof ReferencedArns, ...clusters: readonly FlowCluster[]): Grant[] {
  const own = ({ secretArn, referencedArns }: FlowCluster) => referencedArns?.[client] ?? present(secretArn);
  return read(clusters.flatMap(own), clusters);
}

/** What Lambda's pollers log in to the source with, under the role of the function that they call. */
export function poll(source: FlowCluster): Grant[] {
  return read(present(source.secretArn, source.certificateAuthority?.secretArn), [source]);
}

function present(...arns: readonly (string | undefined)[]): readonly string[] {
  return arns.flatMap((arn) => arn ?? []);
}

function read(arns: readonly string[], clusters: readonly FlowCluster[]): Grant[] {
  const of = (service: string) => [...new Set(arns.filter((arn) => arn.split(':')[2] === service))];
  const [secrets, parameters] = [of('secretsmanager'), of('ssm')];
  const keys = secrets.length + parameters.length === 0 ? [] : clusters.flatMap(({ keyArns = [] }) => keyArns);
  const regions = [...new Set(keys.map((arn) => arn.split(':')[3]))];
  const via = regions.flatMap((region) =>
    ['secretsmanager', 'ssm'].map((name) => `${name}.${region}.${Aws.URL_SUFFIX}`),
  );
  return [
    { actions: ['secretsmanager:GetSecretValue'], resources: secrets },
    { actions: ['ssm:GetParameter'], resources: parameters },
    {
      actions: ['kms:Decrypt'],
      resources: [...new Set(keys)],
      conditions: { StringEquals: { 'kms:ViaService': via } },
    },
    { actions: ['sts:AssumeRole'], resources: of('iam') },
  ]
    .filter(({ resources }) => resources.length > 0)
    .map((statement) => ({
      statement: new PolicyStatement(statement),
      wildcardBecause: 'A secret known by its name has six more characters in its ARN, which only its account knows.',
    }));
}

/** The offset map, a table of one flow's own: HEADs, runs, ledger and topic items. */
export function useOffsetMap(tableArn: string, keyArn: string | undefined): Grant[] {
  return [
    {
      statement: new PolicyStatement({
        actions: [
          'dynamodb:GetItem',
          'dynamodb:Query',
          'dynamodb:PutItem',
          'dynamodb:DeleteItem',
          'dynamodb:ConditionCheckItem',
        ],
        resources: [tableArn],
      }),
    },
    ...useKey(keyArn),
  ];
}

/** The same table for who only looks things up in it. @param get one item at a time, or many */
export function readOffsetMap(
  tableArn: string,
  keyArn: string | undefined,
  get: 'GetItem' | 'BatchGetItem' = 'BatchGetItem',
): Grant[] {
  const actions = [`dynamodb:${get}`, 'dynamodb:Query'];
  return [{ statement: new PolicyStatement({ actions, resources: [tableArn] }) }, ...readWithKey(keyArn)];
}

/** Items of the same table that are one function's own, by the end of their partition keys: none of the offset map's. */
export function keepOwnItems(name: 'monitor' | 'verify', tableArn: string, keyArn: string | undefined): Grant[] {
  return [
    {
      statement: new PolicyStatement({
        actions: ['dynamodb:PutItem'],
        resources: [tableArn],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`*#${name}`] } },
      }),
    },
    ...useKey(keyArn),
  ];
}

/** For who only reads what a key encrypts. */
export function readWithKey(keyArn: string | undefined): Grant[] {
  if (keyArn === undefined) return [];
  const actions = ['kms:Decrypt', 'kms:DescribeKey'];
  return [{ statement: new PolicyStatement({ actions, resources: [keyArn] }) }];
}

export function useKey(keyArn: string | undefined): Grant[] {
  if (keyArn === undefined) return [];
  const actions = ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'];
  return [{ statement: new PolicyStatement({ actions, resources: [keyArn] }) }];
}

/** The event source mappings of one function. Listing knows no resource. */
export function manageMappings(functionArn: string, mappingArns: string): Grant[] {
  const conditions = { ArnEquals: { 'lambda:FunctionArn': functionArn } };
  const grant = (actions: string[], resource: string, wildcardBecause: string, ofTheFunction = true): Grant => ({
    statement: new PolicyStatement({ actions, resources: [resource], ...(ofTheFunction && { conditions }) }),
    wildcardBecause,
  });
  return [
    grant(
      ['lambda:CreateEventSourceMapping'],
      '*',
      'A mapping to be made has no ARN yet; a condition allows those of one function.',
    ),
    grant(
      ['lambda:UpdateEventSourceMapping', 'lambda:DeleteEventSourceMapping'],
      mappingArns,
      'Mappings are made while the flow runs; a condition allows those of one function.',
    ),
    grant(['lambda:TagResource'], mappingArns, 'Tags are set with the mapping, whose id Lambda chooses.', false),
    grant(['lambda:ListEventSourceMappings'], '*', 'lambda:ListEventSourceMappings knows no resource.', false),
  ];
}

/** Calling one function. */
export function invoke(functionArn: string): Grant[] {
  return [{ statement: new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] }) }];
}

/**
 * Network interfaces of a function in a VPC, and of Lambda's pollers in the cluster's. The function's own code is denied
 * what Lambda's service needs them for.
 */
export function useNetwork(functionArn: string): Grant[] {
  return [
    {
      statement: new PolicyStatement({
        actions: [
          'ec2:CreateNetworkInterface',
          'ec2:DeleteNetworkInterface',
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeSecurityGroups',
          'ec2:DescribeSubnets',
          'ec2:DescribeVpcs',
        ],
        resources: ['*'],
      }),
      wildcardBecause: 'Lambda needs these for network interfaces whose ids EC2 chooses; describing knows no resource.',
    },
    {
      statement: new PolicyStatement({
        effect: Effect.DENY,
        actions: ['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface'],
        resources: ['*'],
        conditions: { ArnEquals: { 'lambda:SourceFunctionArn': functionArn } },
      }),
      wildcardBecause: 'A denial is meant to be wide.',
    },
  ];
}
