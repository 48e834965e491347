import type { TranslateRequest } from '../../../functions/translate/request.ts';
import { type TranslateResponse, translateResponse } from '../../../functions/translate/response.ts';
import type { Flow } from '../../config/flow-schema.ts';
import { askDeployed, deployedFunction, lambdaIn } from '../ask-deployed.ts';
import { type Asked, askEach } from '../ask-each.ts';

/** What one flow's function answered. */
export interface FlowAnswer {
  readonly flow: string;
  readonly answer: TranslateResponse;
}

/** Asks the deployed `translate` of each flow. */
export function translateFlows(
  flows: readonly Flow[],
  request: TranslateRequest,
  prefix: string,
): Promise<readonly Asked<FlowAnswer>[]> {
  return askEach(flows, async (flow) => {
    const deployed = deployedFunction(flow, prefix, 'translate', 'target');
    const answer = await askDeployed(lambdaIn(deployed.region), deployed, request, translateResponse);
    return { flow: deployed.flow, answer };
  });
}
