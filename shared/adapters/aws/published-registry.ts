import { CausewayError, messageOf } from '../../flow/errors.ts';
import type { PublishedEntry } from '../../runbook/registry/published-entry.ts';
import { getParameter, type ParameterRegion, parseEntry } from './registry-parameter.ts';

/** ms after which a region is taken for lost; both are asked at the same time. */
const READ_TIMEOUT_MS = 3_000;

/** No region says where applications run. */
export class RegistryUnreadableError extends CausewayError {
  readonly code = 'REGISTRY_UNREADABLE';
  readonly retriable = true;

  constructor(name: string, failures: readonly string[]) {
    super(`SSM parameter ${name} cannot be read: ${failures.join('; ')}`, {
      safe: 'Nothing was changed. Applications keep to the cluster that they were told last.',
      next: 'Check the right ssm:GetParameter and the network. A value that cannot be understood is replaced by the next publication.',
    });
  }
}

export interface PublishedRegistryOptions {
  readonly regions: readonly ParameterRegion[];
  /** As `parameterName` makes it. */
  readonly name: string;
  /** ms for one region. @default 3000 */
  readonly timeoutMs?: number;
}

/**
 * Where applications of a flow run, from the SSM parameters of both its regions: the newer one of those that can be read.
 * Undefined when all regions answer that nothing has been published: then applications are at the flow's source.
 *
 * @throws RegistryUnreadableError when none is found and not all regions answered
 */
export async function readPublishedRegistry(options: PublishedRegistryOptions): Promise<PublishedEntry | undefined> {
  const { regions, name, timeoutMs = READ_TIMEOUT_MS } = options;
  const reads = regions.map(async ({ client }) => {
    const { value, valueVersion } = await getParameter(client, name, AbortSignal.timeout(timeoutMs));
    return valueVersion === 0 ? [] : [parseEntry(value)];
  });
  const answers = await Promise.allSettled(reads);
  const entries = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  const [newest] = entries.toSorted((a, b) => b.version - a.version);
  if (newest) return newest;
  const failures = answers.flatMap((answer, i) =>
    answer.status === 'rejected' ? [`${regions[i]?.region}: ${describe(answer.reason)}`] : [],
  );
  if (failures.length > 0) throw new RegistryUnreadableError(name, failures);
  return undefined;
}

function describe(reason: unknown): string {
  return messageOf(reason);
}
