import { AclOperations, type createAclsV3, type deleteAclsV3 } from '@platformatic/kafka';
import type { CausewayError } from '../../flow/errors.ts';
import type { TopicAclBinding } from '../../policy/acl-selection.ts';
import { apis } from './apis.ts';
import type { KafkaCluster } from './cluster.ts';
import { KafkaRequestError } from './errors.ts';
import { answerOfItems, type ItemAnswer, refusalOf } from './item-answer.ts';
import { rights } from './rights.ts';

/** Kafka's `ResourceType`, `PatternType` and `AclPermissionType`; `ANY` is that of every filter. */
const TOPIC = 2;
const ANY = 1;
const LITERAL = 3;
const PREFIXED = 4;
const DENY = 2;
const ALLOW = 3;

/** Kafka's `AclOperation`, by its code. What is newer than this is not seen, and so neither copied nor taken off. */
const OPERATIONS = new Map(Object.entries(AclOperations).map(([name, code]) => [code, name]));
const CODES = new Map(Object.entries(AclOperations));

type Acl = Parameters<typeof createAclsV3.createRequest>[0][number];
type Created = ReturnType<typeof createAclsV3.parseResponse>;
type Deleted = ReturnType<typeof deleteAclsV3.parseResponse>;

/** Every binding of topics, in one request; `no-authorizer` where the cluster has no ACLs. */
export async function describeTopicAcls(
  cluster: KafkaCluster,
  signal?: AbortSignal,
): Promise<readonly TopicAclBinding[] | 'no-authorizer'> {
  const filter = {
    resourceType: TOPIC,
    resourceName: null,
    resourcePatternType: ANY,
    principal: null,
    host: null,
    operation: ANY,
    permissionType: ANY,
  } as const;
  try {
    const { resources } = await cluster.call({
      ...doing('DescribeAcls', rights.describeAcls),
      signal,
      to: async () => 'any',
      run: (connection) => connection.call(apis.describeAcls, filter),
    });
    return resources.flatMap(({ resourceName: name, resourcePatternType, acls }) =>
      acls.flatMap(({ principal, host, operation: code, permissionType }): TopicAclBinding[] => {
        const operation = OPERATIONS.get(code);
        const pattern = resourcePatternType === PREFIXED ? 'prefixed' : 'literal';
        const permission = permissionType === DENY ? 'DENY' : 'ALLOW';
        return operation === undefined ? [] : [{ name, pattern, principal, host, operation, permission }];
      }),
    );
  } catch (error) {
    if (error instanceof KafkaRequestError && error.reason === 'SECURITY_DISABLED') return 'no-authorizer';
    throw error;
  }
}

/** By place in `bindings`: what the cluster said against it. May be repeated. */
export async function createTopicAcls(
  cluster: KafkaCluster,
  bindings: readonly TopicAclBinding[],
  signal?: AbortSignal,
): Promise<readonly (CausewayError | undefined)[]> {
  const { results } = await cluster.call({
    ...doing('CreateAcls', rights.alterAcls),
    signal,
    to: async () => 'any',
    run: (connection) =>
      connection
        .call(apis.createAcls, bindings.map(wireForm))
        .catch(answerOfItems(isCreated, (answer) => answer.results)),
  });
  return refusals(cluster, 'CreateAcls', bindings, results);
}

/** The same for deletion; a binding that is not there is no error. */
export async function deleteTopicAcls(
  cluster: KafkaCluster,
  bindings: readonly TopicAclBinding[],
  signal?: AbortSignal,
): Promise<readonly (CausewayError | undefined)[]> {
  const { filterResults } = await cluster.call({
    ...doing('DeleteAcls', rights.alterAcls),
    signal,
    to: async () => 'any',
    run: (connection) =>
      connection
        .call(apis.deleteAcls, bindings.map(wireForm))
        .catch(answerOfItems(isDeleted, (answer) => answer.filterResults.map(worst))),
  });
  return refusals(cluster, 'DeleteAcls', bindings, filterResults.map(worst));
}

function isCreated(value: object): value is Created {
  return 'results' in value;
}

function isDeleted(value: object): value is Deleted {
  return 'filterResults' in value;
}

/** A filter that names one binding has at most one that matches; either may have the error. */
function worst(result: Deleted['filterResults'][number]): ItemAnswer {
  return result.matchingAcls.find(({ errorCode }) => errorCode !== 0) ?? result;
}

function wireForm({ name, pattern, principal, host, operation, permission }: TopicAclBinding): Acl {
  const code = CODES.get(operation);
  if (code === undefined) throw new RangeError(`no operation of ACLs: ${operation}`);
  return {
    resourceType: TOPIC,
    resourceName: name,
    resourcePatternType: pattern === 'prefixed' ? PREFIXED : LITERAL,
    principal,
    host,
    operation: code,
    permissionType: permission === 'DENY' ? DENY : ALLOW,
  };
}

function refusals(
  cluster: KafkaCluster,
  request: string,
  bindings: readonly TopicAclBinding[],
  answers: readonly ItemAnswer[],
): readonly (CausewayError | undefined)[] {
  const asked = { cluster: cluster.alias, ...doing(request, rights.alterAcls) };
  return bindings.map((_, index) => refusalOf(answers[index] ?? { errorCode: 0 }, asked));
}

function doing(request: string, needs: () => ReturnType<typeof rights.alterAcls>) {
  return { request: `${request} of topics`, subject: 'topics', needs: needs() };
}
