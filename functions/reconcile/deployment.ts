import type { Logger } from '@aws-lambda-powertools/logger';
import { answerCustomResource, type CustomResourceRequest } from '../../shared/adapters/lambda/custom-resource.ts';

/**
 * Does what CloudFormation asks and always answers it. A look that fails (a cluster that cannot be reached, a table
 * that another region's stack has yet to make) does not fail the deployment: the next minute's look does the same, and
 * rolling back would only hide the cause, which is in the stack's output. A removal that fails does.
 */
export async function answerDeployment(
  request: CustomResourceRequest,
  flow: string,
  work: () => Promise<string>,
  logger: Logger,
): Promise<void> {
  const physicalResourceId = flow;
  try {
    await answerCustomResource(request, { status: 'SUCCESS', physicalResourceId, data: { Summary: await work() } });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    logger.error(`${flow}: ${request.RequestType} failed: ${reason}`, { error });
    const status = request.RequestType === 'Delete' ? 'FAILED' : 'SUCCESS';
    await answerCustomResource(request, { status, physicalResourceId, reason, data: { Summary: `failed: ${reason}` } });
  }
}
