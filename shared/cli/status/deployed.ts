import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { unpackVariable } from '../../adapters/lambda/packed-variable.ts';
import type { Flow } from '../../config/flow-schema.ts';
import type { Deployed } from '../../status/deployed.ts';
import { deployedFunction, lambdaIn } from '../ask-deployed.ts';
import { isDeployed } from '../plan/plan-flow.ts';

/** Asks Lambda for the function that a failover hangs on: whether it is there, and of which file. */
export async function readDeployed(flow: Flow, prefix: string): Promise<Deployed> {
  const name = flow.emitCheckpoints.enabled ? 'checkpoint' : 'translate';
  const { name: functionName, region } = deployedFunction(flow, prefix, name, 'target');
  const lambda = lambdaIn(region);
  try {
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName }));
    const packed = Environment?.Variables?.FLOW;
    if (packed === undefined) return { state: 'unknown', because: `${functionName} does not tell its flow` };
    return { state: isDeployed(flow, unpackVariable(packed)) ? 'as-the-file' : 'other-file' };
  } catch (error) {
    // The SDK's own errors, and those of a flow that another version has packed.
    if (!(error instanceof Error)) throw error;
    if (error.name === 'ResourceNotFoundException')
      return { state: 'missing', what: `function ${functionName} in ${region}` };
    return { state: 'unknown', because: `lambda:GetFunctionConfiguration of ${functionName}: ${error.name}` };
  } finally {
    lambda.destroy();
  }
}
