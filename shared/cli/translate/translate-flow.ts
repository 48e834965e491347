import { LambdaClient } from '@aws-sdk/client-lambda';
import type { TranslateRequest } from '../../../functions/translate/request.ts';
import type { TranslateResponse } from '../../../functions/translate/response.ts';
import { physicalName } from '../../../infra/flow/names.ts';
import type { Flow } from '../../config/flow-schema.ts';
import { CausewayError } from '../../flow/errors.ts';
import { flowName } from '../../flow/flow.ts';
import { RegionUnknownError } from '../errors.ts';
import { askFunction } from './ask-function.ts';

/** The function's own time-out, and its start. */
const TIMEOUTS = { connectionTimeout: 3_000, requestTimeout: 35_000 };

/** What one flow's function answered; `CausewayError` where it could not be asked. */
export interface FlowAnswer {
  readonly flow: string;
  readonly answer: TranslateResponse;
}

export interface Unasked {
  readonly flow: string;
  readonly failure: CausewayError;
}

/** Asks the deployed `translate` of a flow. */
export async function translateFlow(
  flow: Flow,
  request: TranslateRequest,
  prefix: string,
): Promise<FlowAnswer | Unasked> {
  const id = { source: flow.source.alias, target: flow.target.alias };
  const name = flowName(id);
  try {
    const { region } = flow.target;
    if (region === undefined) throw new RegionUnknownError(name, id.target);
    const lambda = new LambdaClient({ region, requestHandler: TIMEOUTS, maxAttempts: 2 });
    const asked = { flow: name, name: physicalName(prefix, id, 'translate'), region };
    return { flow: name, answer: await askFunction(lambda, asked, request) };
  } catch (error) {
    if (error instanceof CausewayError) return { flow: name, failure: error };
    throw error;
  }
}
