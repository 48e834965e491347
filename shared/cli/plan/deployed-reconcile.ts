import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { parseEnvironment, type ReconcileEnvironment } from '../../../functions/reconcile/environment.ts';
import { callFailed } from '../deployment-errors.ts';
import { OtherVersionError } from './errors.ts';

/** Where a flow's `reconcile` stands. */
export interface DeployedFunction {
  readonly flow: string;
  readonly name: string;
  readonly region: string;
}

/**
 * What the deployed `reconcile` goes by: its own environment variables.
 * @throws FlowNotDeployedError, OtherVersionError, AwsCallError
 */
export async function readDeployed(lambda: LambdaClient, of: DeployedFunction): Promise<ReconcileEnvironment> {
  const variables = await variablesOf(lambda, of);
  try {
    return parseEnvironment(variables);
  } catch (error) {
    throw new OtherVersionError(of.flow, of.name, error);
  }
}

async function variablesOf(lambda: LambdaClient, of: DeployedFunction): Promise<Readonly<Record<string, string>>> {
  const { flow, name, region } = of;
  try {
    const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    return found.Environment?.Variables ?? {};
  } catch (error) {
    const deployed = { flow, thing: `function ${name}`, region, half: 'source' } as const;
    throw callFailed(deployed, 'lambda:GetFunctionConfiguration', error);
  }
}
