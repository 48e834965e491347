import { ArnFormat, Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Approval } from '../../../shared/runbook/machine.ts';
import type { RunbookKind } from '../../../shared/runbook/runbook.ts';
import { acknowledgeWildcards, type Grant } from '../grant.ts';
import { invoke } from '../permissions.ts';
import { stateMachine } from './definition.ts';

export interface RunbookMachineProps {
  readonly kind: RunbookKind;
  readonly name: string;
  readonly description: string;
  readonly approval: Approval;
  readonly function: IFunction;
  readonly logRetention: RetentionDays;
}

/** The state machine of one runbook, with a log group of its own and a role that may invoke one function. */
export class RunbookMachine extends Construct {
  readonly kind: RunbookKind;
  readonly name: string;
  readonly arn: string;
  readonly role: Role;
  readonly machine: CfnStateMachine;

  constructor(scope: Construct, id: string, props: RunbookMachineProps) {
    super(scope, id);
    const { kind, name, approval, function: called } = props;
    this.kind = kind;
    this.name = name;
    const logGroup = new LogGroup(this, 'Log', {
      // Of those with another beginning an account's policy for logs has room for a few only.
      logGroupName: `/aws/vendedlogs/states/${name}`,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const grants = [...invoke(called.functionArn), ...deliverLogs(), ...trace()];
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      description: props.description,
      inlinePolicies: { Machine: new PolicyDocument({ statements: grants.map(({ statement }) => statement) }) },
    });
    acknowledgeWildcards(this.role, grants);
    this.machine = new CfnStateMachine(this, 'Machine', {
      stateMachineName: name,
      stateMachineType: 'STANDARD',
      definitionString: JSON.stringify(stateMachine({ kind, approval, function: SUBSTITUTED })),
      definitionSubstitutions: { Partition: Aws.PARTITION, Function: called.functionArn },
      roleArn: this.role.roleArn,
      tracingConfiguration: { enabled: true },
      loggingConfiguration: {
        level: 'ALL',
        // A call of `approve` has the token that approves; executions show it to those who may see them.
        includeExecutionData: false,
        destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logGroup.logGroupArn } }],
      },
    });
    // By name: the function's role has to know it before it is made.
    this.arn = Stack.of(this).formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: name,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }
}

/** What CloudFormation fills in, so that a template has each definition as one text. */
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: CloudFormation's
const SUBSTITUTED = { partition: '${Partition}', arn: '${Function}' };
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: CloudFormation's

/** What Step Functions asks for to write logs and traces; neither knows a resource. */
function deliverLogs(): Grant[] {
  const actions = [
    'CreateLogDelivery',
    'GetLogDelivery',
    'UpdateLogDelivery',
    'DeleteLogDelivery',
    'ListLogDeliveries',
    'PutResourcePolicy',
    'DescribeResourcePolicies',
    'DescribeLogGroups',
  ].map((action) => `logs:${action}`);
  return everywhere(actions, 'Log deliveries know no resource.');
}

function trace(): Grant[] {
  const actions = ['PutTraceSegments', 'PutTelemetryRecords', 'GetSamplingRules', 'GetSamplingTargets'];
  return everywhere(
    actions.map((action) => `xray:${action}`),
    'X-Ray knows no resource.',
  );
}

function everywhere(actions: string[], wildcardBecause: string): Grant[] {
  return [{ statement: new PolicyStatement({ actions, resources: ['*'] }), wildcardBecause }];
}
