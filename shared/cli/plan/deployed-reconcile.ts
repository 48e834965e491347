import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { ZodError } from 'zod';
import { parseEnvironment, type ReconcileEnvironment } from '../../../functions/reconcile/environment.ts';
import { AwsCallError, FlowNotDeployedError, OtherVersionError } from './errors.ts';

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
  const { flow, name, region } = of;
  try {
    const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    return parseEnvironment(found.Environment?.Variables ?? {});
  } catch (error) {
    if (error instanceof ZodError || error instanceof SyntaxError) throw new OtherVersionError(flow, name, error);
    if (error instanceof Error && error.name === 'ResourceNotFoundException')
      throw new FlowNotDeployedError(flow, name, region, error);
    throw new AwsCallError(flow, 'lambda:GetFunctionConfiguration', error);
  }
}
