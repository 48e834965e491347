import type { Logger } from '@aws-lambda-powertools/logger';
import { answerCustomResource, type CustomResourceRequest } from '../../shared/adapters/lambda/custom-resource.ts';
import { CausewayError, messageOf } from '../../shared/flow/errors.ts';
import { detailsOf } from '../describe-error.ts';

/** What a stack has done for a flow; each says in a line what came of it. */
export interface DeploymentWork {
  begin(deployment: string): Promise<string>;
  remove(deployment: string): Promise<string>;
}

/**
 * Does what CloudFormation asks and always answers it. What goes wrong at a creation or an update does not fail the
 * deployment: the schedule's looks do the same, and rolling back would only hide the cause, which is in the stack's
 * output. A removal that leaves mappings behind does fail, once told how to go on without it.
 */
export async function answerDeployment(
  request: CustomResourceRequest,
  flow: string,
  work: DeploymentWork,
  logger: Logger,
): Promise<void> {
  const physicalResourceId = flow;
  const removing = request.RequestType === 'Delete';
  try {
    const summary = await (removing ? work.remove(request.RequestId) : work.begin(request.RequestId));
    logger.info(`${flow}: ${request.RequestType}: ${summary}`);
    await answerCustomResource(request, {
      status: 'SUCCESS',
      physicalResourceId,
      reason: summary,
      data: { Summary: summary },
    });
  } catch (error) {
    const reason = explain(error);
    logger.error(`${flow}: ${request.RequestType} failed: ${reason}`, detailsOf(error));
    await answerCustomResource(request, {
      status: removing ? 'FAILED' : 'SUCCESS',
      physicalResourceId,
      reason: removing ? `${reason} ${goOnWithout(request)}` : reason,
      data: { Summary: `failed: ${reason}` },
    });
  }
}

function explain(error: unknown): string {
  if (error instanceof CausewayError) return `${error.code}: ${error.message}. ${error.safe} ${error.next}`;
  return messageOf(error);
}

function goOnWithout({ StackId, LogicalResourceId }: CustomResourceRequest): string {
  return `To delete the stack and leave them: aws cloudformation delete-stack --stack-name ${StackId} --retain-resources ${LogicalResourceId}`;
}
