import { CreateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../functions/clock.ts';
import { consumerMappings } from '../../../functions/runbook/consumer-mappings.ts';
import { towards } from '../../../functions/runbook/consumers.ts';
import { wire } from '../../../functions/runbook/wiring.ts';
import { DynamoDbConsumerMarks } from '../../../shared/adapters/dynamodb/runbook/consumer-marks.ts';
import type { FlowEnd } from '../../../shared/config/flow-schema.ts';
import type { ConsumerMapping } from '../../../shared/runbook/ports/consumers.ts';
import { runStage } from '../../../shared/runbook/run-stage.ts';
import { RunbookKind, StartedBy } from '../../../shared/runbook/runbook.ts';
import { stageTable } from '../../../shared/runbook/stages/table.ts';
import { stagesOf } from '../../../shared/runbook/stages.ts';
import { Cluster } from '../event-source-mapping/cluster.ts';
import { lambdaClient, Mapping, unique } from '../event-source-mapping/mapping.ts';
import { region } from '../event-source-mapping/region.ts';
import { type Call, RemoteFunction } from '../event-source-mapping/remote-function.ts';
import { eventually } from '../kafka/target.ts';
import { Pair } from './pair.ts';
import { PARTITIONS, type Site } from './pair-flow.ts';
import { openParts, type Parts } from './parts.ts';

const PATIENCE_MS = 60_000;

let parts: Parts;
beforeAll(async () => {
  parts = await openParts();
});
afterAll(() => parts[Symbol.asyncDispose]());

/** A user's function beside one cluster, with its mapping there. It works on and on at what comes after what it may take. */
class Consumer {
  readonly values: string[] = [];
  readonly mapping: Mapping;
  readonly #unfinished: Call[] = [];
  mayTake = 0;

  private constructor(fn: RemoteFunction, mapping: Mapping) {
    this.mapping = mapping;
    fn.onCall((call) => {
      if (this.values.length + call.values.length > this.mayTake) return this.#unfinished.push(call);
      this.values.push(...call.values.map(String));
      call.succeed();
    });
  }

  /** What it worked at comes to nothing: it has not consumed it. */
  giveUp(): void {
    for (const call of this.#unfinished.splice(0)) call.fail();
  }

  static async open(index: 0 | 1, name: string, topic: string, group: string, enabled: boolean): Promise<Consumer> {
    const place = region(index);
    const lambda = lambdaClient(place);
    const fn = await RemoteFunction.create(lambda, name);
    onTestFinished(() => fn[Symbol.asyncDispose]());
    const created = await lambda.send(
      new CreateEventSourceMappingCommand({
        ...{ FunctionName: name, Topics: [topic], EventSourceArn: place.cluster.arn, Enabled: enabled },
        ...{ StartingPosition: 'TRIM_HORIZON', BatchSize: 1, MaximumBatchingWindowInSeconds: 0 },
        AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: group },
      }),
    );
    const mapping = new Mapping(lambda, created);
    const consumer = new Consumer(fn, mapping);
    onTestFinished(async () => {
      consumer.giveUp();
      await mapping.delete();
    });
    await mapping.untilState(enabled ? 'Enabled' : 'Disabled');
    return consumer;
  }

  async takes(count: number): Promise<void> {
    this.mayTake = this.values.length + count;
    this.giveUp();
    await eventually(
      async () => this.values.length,
      (length) => length === this.mayTake,
      PATIENCE_MS,
    );
  }
}

/** The stages of a runbook, one after the other, with the user's mappings where Lambda is. */
async function move(pair: Pair, kind: RunbookKind, name: string, left: Consumer): Promise<void> {
  const environment = pair.environment({ east: pair.east.servers, west: pair.west.servers });
  const { flow, portsFor } = wire(environment, { clock: systemClock, through: (client) => client });
  const { source, target } = environment.FLOW;
  const side = (end: FlowEnd, index: 0 | 1) => {
    const place = region(index);
    const functions = [{ consumer: name, functionName: name }];
    const mappings = consumerMappings(lambdaClient(place), functions, { ...end, clusterArn: place.cluster.arn });
    return {
      mappings: {
        ...mappings,
        setEnabled: async (mapping: ConsumerMapping, enabled: boolean) => {
          const outcome = await mappings.setEnabled(mapping, enabled);
          if (!enabled) left.giveUp();
          return outcome;
        },
      },
      marks: new DynamoDbConsumerMarks(parts.dynamoDb.client, parts.registryTable, flow, end.alias),
    };
  };
  const consumers = towards({ source: side(source, 0), target: side(target, 1) }, kind === RunbookKind.Failback);
  const execution = pair.begins(kind);
  const wired = portsFor(kind, execution, false);
  const settings = { ...wired.settings, writersFlatMs: 500, flowFlatMs: 500, lagPauseMs: 500 };
  for (const { name: stage } of stagesOf(kind)) {
    if (stage === 'approve') continue;
    await pair.beat();
    const call = { flow, stage, kind, execution, dryRun: false, startedBy: StartedBy.Person, reason: '' };
    const answer = await eventually(
      () => runStage(call, { ...wired, settings, consumers }, stageTable),
      (seen) => seen.kind !== 'waiting',
      PATIENCE_MS,
    );
    if (answer.kind !== 'passed') throw new Error(`${stage} of the ${kind}: ${answer.says}`);
  }
  pair.ended(execution);
}

async function write(site: Site, topic: string): Promise<void> {
  await using cluster = await Cluster.connect(site.servers);
  // Its marker takes an offset that the copy has not: the same record has another offset on the other cluster.
  await cluster.produceInTransaction(topic, '0/0', 'commit');
  const values = Array.from({ length: 10 }, (_, i) => i).slice(1);
  await cluster.produce(topic, ...values.map((i) => ({ partition: 0, value: `0/${i}` })));
  await cluster.produce(topic, ...[0, ...values].map((i) => ({ partition: 1, value: `1/${i}` })));
}

test('a user’s Lambda consumer goes on at the first record that it has not consumed, there and back', {
  timeout: 180_000,
}, async () => {
  await using pair = await Pair.open(parts);
  const { topic, east, there } = pair;
  const [name, group] = [unique('billing'), `${east.alias}-billing`];
  await write(east, topic);
  there.source.wake();
  const here = await Consumer.open(0, name, topic, group, true);
  const beyond = await Consumer.open(1, name, `${east.alias}.${topic}`, group, false);
  await here.takes(9);

  await move(pair, RunbookKind.Switchover, name, here);
  expect((await here.mapping.get()).State).toBe('Disabled');
  await beyond.takes(6);
  await move(pair, RunbookKind.Failback, name, beyond);
  expect((await beyond.mapping.get()).State).toBe('Disabled');
  await here.takes(5);

  const consumed = [...here.values.slice(0, 9), ...beyond.values, ...here.values.slice(9)];
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const own = consumed.filter((value) => value.startsWith(`${partition}/`));
    expect(own).toEqual(Array.from({ length: 10 }, (_, i) => `${partition}/${i}`));
  }
});
