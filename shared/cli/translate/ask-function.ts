import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { TranslateRequest } from '../../../functions/translate/request.ts';
import { type TranslateResponse, translateResponse } from '../../../functions/translate/response.ts';
import { callFailed, FunctionFailedError } from '../deployment-errors.ts';

/** Where a flow's `translate` stands. */
export interface TranslateFunction {
  readonly flow: string;
  readonly name: string;
  readonly region: string;
}

/**
 * Asks the flow's function in the target region, which reaches the brokers from there.
 * @throws FlowNotDeployedError, AwsCallError, FunctionFailedError
 */
export async function askFunction(
  lambda: LambdaClient,
  { flow, name, region }: TranslateFunction,
  request: TranslateRequest,
): Promise<TranslateResponse> {
  try {
    const answer = await lambda.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(request) }));
    const text = Buffer.from(answer.Payload ?? []).toString('utf8');
    if (answer.FunctionError !== undefined) throw new FunctionFailedError(flow, name, `it failed: ${text}`);
    return parse(flow, name, text);
  } catch (error) {
    throw callFailed({ flow, thing: `function ${name}`, region, half: 'target' }, 'lambda:InvokeFunction', error);
  }
}

function parse(flow: string, name: string, text: string): TranslateResponse {
  try {
    return translateResponse.parse(JSON.parse(text));
  } catch (error) {
    throw new FunctionFailedError(flow, name, 'it is of another version of causeway: its answer is not known', error);
  }
}
