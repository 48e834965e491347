import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SSMClient } from '@aws-sdk/client-ssm';
import { publishRegistry } from '../../shared/adapters/aws/publish-registry.ts';
import { timeLimits } from '../../shared/adapters/aws/time-limits.ts';
import { DynamoDbFlowRegistry } from '../../shared/adapters/dynamodb/runbook/flow-registry.ts';
import { DynamoDbRunJournal } from '../../shared/adapters/dynamodb/runbook/run-journal.ts';
import { DynamoDbWriteFences } from '../../shared/adapters/dynamodb/runbook/write-fences.ts';
import { DynamoDbSourceEnds } from '../../shared/adapters/dynamodb/source-ends.ts';
import { StepFunctionsExecutions } from '../../shared/adapters/step-functions/executions.ts';
import { flowPolicy } from '../../shared/config/flow-policy.ts';
import { topicVerdicts } from '../../shared/config/topic-choice.ts';
import { type FlowId, flowOf } from '../../shared/flow/flow.ts';
import { compileNameList } from '../../shared/policy/name-list.ts';
import { HEARTBEATS_TOPIC } from '../../shared/policy/replication-policy.ts';
import { leftBehind } from '../../shared/runbook/left-behind/left-behind.ts';
import type { RunbookPorts } from '../../shared/runbook/ports/ports.ts';
import type { Publication } from '../../shared/runbook/ports/publication.ts';
import { DEFAULT_SETTINGS } from '../../shared/runbook/ports/settings.ts';
import { publishedEntry } from '../../shared/runbook/registry/published-entry.ts';
import { publishing } from '../../shared/runbook/registry/publishing.ts';
import { Registry } from '../../shared/runbook/registry/registry.ts';
import { type RunbookKind, wayOfRunbook } from '../../shared/runbook/runbook.ts';
import { NoSuchFlow } from '../../shared/runbook/stages/errors.ts';
import { connectSide } from './cluster.ts';
import { connectConsumers, towards } from './consumers.ts';
import { ownPlace, type RunbookEnvironment, reversePlace } from './environment.ts';
import { connectFlow } from './flow.ts';
import { lastKnownOffsets, newestHeartbeat } from './lost-source.ts';
import { OUTSIDE, type Outside } from './outside.ts';
import { s3Reports } from './reports.ts';

const TIMEOUTS = timeLimits(1_000, 3_000);
const ATTEMPTS = 3;

/** Everything that `runbook` is made of; kept from one call to the next, connected when first asked. */
export function wire(environment: RunbookEnvironment, outside: Outside = OUTSIDE) {
  const { FLOW, REGISTRY_TABLE: tableName } = environment;
  const flow = flowOf(FLOW);
  const { policy, covers, coversGroup } = flowPolicy(FLOW);
  const nearby = { region: environment.OFFSET_MAP_REGION, requestHandler: TIMEOUTS, maxAttempts: ATTEMPTS };
  const table = outside.through(new DynamoDBClient(nearby));
  const [source, target] = [connectSide(FLOW.source), connectSide(FLOW.target)];
  const settings = { producerExpiryMs: FLOW.producerIdExpirationMs, latenessBoundMs: FLOW.latenessBoundMs };
  const both = { policy, settings, invocation: randomUUID(), outside };
  const own = { place: ownPlace(environment), covers };
  const there = connectFlow({ ...both, ...own, flow, source, target });
  const place = reversePlace(environment);
  const opposite = { source: flow.target, target: flow.source };
  const reverse = {
    ...{ flow: opposite, source: target, target: source },
    covers: environment.REVERSE_TOPICS && topicVerdicts(environment.REVERSE_TOPICS),
  };
  const back = place && connectFlow({ ...both, ...reverse, place });
  const { clock } = outside;
  const entries = new DynamoDbFlowRegistry(table, tableName, flow);
  const alarmCooldownMs = FLOW.runbooks.failoverCooldownMinutes * 60_000;
  const registry = new Registry({ flow, entries, alarmCooldownMs, now: clock.now });
  const publication = publicationOf(environment, registry, outside);
  const { REPLICATE_REGION: sourceRegion, OFFSET_MAP_REGION: targetRegion } = environment;
  const consumers = connectConsumers(FLOW, table, { tableName, sourceRegion, targetRegion }, outside);
  const sourceEnds = new DynamoDbSourceEnds(table, tableName, flow);
  const { lossAllowedRecords: lossAllowed, watchLagSeconds } = FLOW.runbooks;
  const history = new DynamoDbRunJournal(table, { tableName, flow });
  const shared = {
    clock,
    history,
    opposite: oppositeRegistry(environment, opposite, outside),
    registry: {
      entry: () => registry.entry(),
      begin: (...start: Parameters<Registry['begin']>) => registry.begin(...start),
      mayBegin: (...start: Parameters<Registry['mayBegin']>) => registry.mayBegin(...start),
      promote: (generation: number) => registry.promote(generation),
      finish: (generation: number) => registry.finish(generation),
      ...publishing(registry, publication),
    },
    executions: new StepFunctionsExecutions(outside.through(new SFNClient(nearby))),
    rules: { include: compileNameList(FLOW.groups.include), exclude: compileNameList(FLOW.groups.exclude) },
    publication,
    writeFences: new DynamoDbWriteFences(table, tableName, flow),
    reports: s3Reports(
      outside.through(new S3Client({ ...nearby, forcePathStyle: true })),
      environment.REPORT_BUCKET,
      FLOW.runbooks,
    ),
    settings: {
      ...DEFAULT_SETTINGS,
      lossAllowed,
      lagPauseMs: watchLagSeconds * 1_000,
      fenceByAcls: environment.FENCE_BY_ACLS,
    },
  };
  /** @throws NoSuchFlow when a failback has no flow that copies back */
  const portsFor = (kind: RunbookKind, execution: string, dryRun: boolean): RunbookPorts => {
    const way = wayOfRunbook(kind, flow);
    const isBack = way.from === flow.target;
    const [from, to] = isBack ? [target, source] : [source, target];
    const forward = isBack ? back : there;
    if (forward === undefined) throw new NoSuchFlow(way.from, way.to);
    const checkpoints = policy.checkpointsTopic(way.from);
    return {
      ...shared,
      journal: dryRun ? new DynamoDbRunJournal(table, { tableName, flow, dryRun: execution }) : history,
      ...{ from, to, forward },
      consumers: consumers && towards(consumers, isBack),
      backward: isBack ? there : back,
      newestHeartbeat: async () => newestHeartbeat(await to.data(), policy.remoteTopic(way.from, HEARTBEATS_TOPIC)),
      sourceEnds: async () => (isBack ? undefined : (await sourceEnds.read())?.ends),
      lastKnown: async () =>
        lastKnownOffsets(await to.data(), checkpoints, await forward.topics(), (id) => coversGroup(id).covered),
    };
  };
  return {
    flow,
    portsFor,
    /** What the flow's last failover left on its source. @throws CausewayError */
    leftBehind: () => leftBehind({ registry: shared.registry, history, flow: there, source: source.cluster }),
  };
}

/** In the other region, which may be away. */
function oppositeRegistry(environment: RunbookEnvironment, opposite: FlowId, outside: Outside) {
  const { REVERSE_REGISTRY_TABLE: tableName, REVERSE_OFFSET_MAP_REGION: region } = environment;
  if (tableName === undefined || region === undefined) return undefined;
  const client = outside.through(new DynamoDBClient({ region, requestHandler: TIMEOUTS, maxAttempts: ATTEMPTS }));
  const registry = new DynamoDbFlowRegistry(client, tableName, opposite);
  return () => registry.read();
}

/** One parameter in each of the two regions. */
function publicationOf(
  { FLOW, REGISTRY_PARAMETER: name }: RunbookEnvironment,
  registry: Registry,
  { through }: Outside,
): Publication {
  const { source, target } = FLOW;
  const bootstrapServers = (alias: string) =>
    (alias === source.alias ? source : target).data.bootstrapServers.join(',');
  const regions = [...new Set([target.region, source.region])].flatMap((region) =>
    region === undefined
      ? []
      : [{ region, client: through(new SSMClient({ region, requestHandler: TIMEOUTS, maxAttempts: ATTEMPTS })) }],
  );
  return {
    publish: async () => {
      const current = async () => publishedEntry(await registry.entry(), bootstrapServers);
      const published = await publishRegistry({ regions, name, current });
      return published.map((each) => {
        return { region: each.region, because: each.outcome === 'not-written' ? each.reason : undefined };
      });
    },
  };
}
