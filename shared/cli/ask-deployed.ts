import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { z } from 'zod';
import { physicalName } from '../../infra/flow/names.ts';
import { timeLimits } from '../adapters/aws/time-limits.ts';
import type { Flow } from '../config/flow-schema.ts';
import { flowName, flowOf } from '../flow/flow.ts';
import { callFailed, FunctionFailedError } from './deployment-errors.ts';
import { regionOf } from './flow-region.ts';

/** A function of a flow, where it stands. */
export interface DeployedFunction {
  readonly flow: string;
  readonly name: string;
  readonly region: string;
  readonly half: 'source' | 'target';
}

/** Longer than any function takes to start and to answer; one that is gone is known after the connection's time-out. */
const TIMEOUTS = timeLimits(3_000, 60_000);

/**
 * Where a flow's function stands. @param prefix of the deployment
 * @throws RegionUnknownError
 */
export function deployedFunction(
  flow: Flow,
  prefix: string,
  name: 'translate' | 'reconcile' | 'runbook' | 'checkpoint',
  half: 'source' | 'target',
): DeployedFunction {
  const id = flowOf(flow);
  return { flow: flowName(id), name: physicalName(prefix, id, name), region: regionOf(flow, half), half };
}

/** A client for functions that are asked and waited for. */
export function lambdaIn(region: string): LambdaClient {
  return new LambdaClient({ region, requestHandler: TIMEOUTS, maxAttempts: 2 });
}

/**
 * Asks a function, which reaches the brokers from where it stands.
 * @param safe of a command that changes something
 * @throws FlowNotDeployedError, AwsCallError, FunctionFailedError
 */
export async function askDeployed<T>(
  lambda: LambdaClient,
  { flow, name, region, half }: DeployedFunction,
  question: object,
  answers: z.ZodType<T>,
  safe?: string,
): Promise<T> {
  const text = await invoke();
  try {
    return answers.parse(JSON.parse(text));
  } catch (error) {
    const reason = 'it is of another version of causeway: its answer is not known';
    throw new FunctionFailedError(flow, name, reason, error, safe);
  }

  async function invoke(): Promise<string> {
    try {
      const answer = await lambda.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(question) }));
      const told = Buffer.from(answer.Payload ?? []).toString('utf8');
      if (answer.FunctionError !== undefined)
        throw new FunctionFailedError(flow, name, `it failed: ${told}`, undefined, safe);
      return told;
    } catch (error) {
      throw callFailed({ flow, thing: `function ${name}`, region, half }, 'lambda:InvokeFunction', error, safe);
    }
  }
}
