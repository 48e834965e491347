import { CausewayError } from '../../flow/errors.ts';
import { type FlowId, flowName } from '../../flow/flow.ts';

/** The target does not give or take rights; code and remedy are those of the cause. */
export class AclsRefusedError extends CausewayError {
  override readonly code: string;
  override readonly retriable: boolean;

  /** @param rights those refused, `ALLOW READ for User:app on us-east.orders` */
  constructor(flow: FlowId, doing: 'made' | 'revoked', rights: readonly string[], cause: CausewayError) {
    const [first = ''] = rights;
    const more = rights.length > 1 ? ` and ${rights.length - 1} more` : '';
    super(`${flowName(flow)}: ${first}${more} could not be ${doing} on ${flow.target}: ${cause.message}`, {
      safe: 'Records are copied; all other rights on the target are as they should be.',
      next: `${cause.next} To do without: ${flowName(flow)}.sync.topic.acls.enabled = false.`,
      cause,
    });
    this.code = cause.code;
    this.retriable = cause.retriable;
  }
}

/** A cluster does not say which ACLs there are; code and remedy are those of the cause. */
export class AclsNotReadError extends CausewayError {
  override readonly code: string;
  override readonly retriable: boolean;

  constructor(flow: FlowId, cluster: string, cause: CausewayError) {
    super(`${flowName(flow)}: ACLs of ${cluster} could not be read: ${cause.message}`, {
      safe: 'Records are copied; the ACLs of both clusters stay as they are.',
      next: `${cause.next} To do without: ${flowName(flow)}.sync.topic.acls.enabled = false.`,
      cause,
    });
    this.code = cause.code;
    this.retriable = cause.retriable;
  }
}
