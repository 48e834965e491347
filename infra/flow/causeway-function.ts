import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledgeWildcards, type Grant } from './grant.ts';
import type { FlowNetwork } from './network.ts';
import { invoke, useNetwork } from './permissions.ts';

export interface CausewayFunctionProps {
  readonly functionName: string;
  readonly description: string;
  /** Folder with `index.mjs`. */
  readonly codeFolder: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly logRetention: RetentionDays;
  readonly network: FlowNetwork | undefined;
  /** Whether Lambda's pollers make network interfaces under the function's role. */
  readonly polled: boolean;
  /** Whether the function calls itself, to have something done that its caller does not wait for. @default false */
  readonly callsItself?: boolean;
  /** Beyond its log, its network and itself. */
  readonly grants: readonly Grant[];
}

/** Where Lambda would write a function's log by itself. */
export function logGroupOf(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}

/** A Lambda function on Node 24 and arm64, with a log group of its own and a role that allows what is listed. */
export class CausewayFunction extends Construct {
  readonly name: string;
  readonly function: LambdaFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: CausewayFunctionProps) {
    super(scope, id);
    const { functionName, network } = props;
    this.name = functionName;
    this.logGroup = new LogGroup(this, 'Log', {
      logGroupName: logGroupOf(functionName),
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const writeLog = new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [this.logGroup.logGroupArn],
    });
    // By name: the role's own policy cannot refer to the function that needs the role.
    const functionArn = Stack.of(this).formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: functionName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const needsNetwork = network !== undefined || props.polled;
    const grants = [
      { statement: writeLog },
      ...(needsNetwork ? useNetwork(functionArn) : []),
      ...(props.callsItself ? invoke(functionArn) : []),
      ...props.grants,
    ];
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: props.description,
      inlinePolicies: { Function: new PolicyDocument({ statements: grants.map(({ statement }) => statement) }) },
    });
    acknowledgeWildcards(this.role, grants);
    this.function = new LambdaFunction(this, 'Function', {
      functionName,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(props.codeFolder),
      memorySize: props.memoryMb,
      timeout: Duration.seconds(props.timeoutSeconds),
      environment: { ...props.environment },
      role: this.role,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
    });
    network?.place(this.function);
  }
}
