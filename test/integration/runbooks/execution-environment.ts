import { DynamoDBClient, ProvisionedThroughputExceededException } from '@aws-sdk/client-dynamodb';
import { conclude } from '../../../functions/runbook/conclude.ts';
import type { AwsClient, Outside } from '../../../functions/runbook/outside.ts';
import { parseCall } from '../../../functions/runbook/request.ts';
import { stoppedBy } from '../../../functions/runbook/stopped.ts';
import { wire } from '../../../functions/runbook/wiring.ts';
import { runStage, type StepAnswer } from '../../../shared/runbook/run-stage.ts';
import { stageTable } from '../../../shared/runbook/stages/table.ts';
import { NotedMeter } from '../../unit/functions/noted-meter.ts';
import { BrokerProxy } from './broker-proxy.ts';
import { FastClock } from './fast-clock.ts';
import { type Cut, Gate } from './gate.ts';
import type { Pair } from './pair.ts';
import type { Site } from './pair-flow.ts';

const OFFSET_COMMIT = 8;
/** Of a new connection, which says nothing about what the function does. */
const API_VERSIONS = 18;

/** What the function's clients wait for an answer, about. */
const ANSWERED_WITHIN_MS = 3_000;

type Send = (args: never) => Promise<unknown>;
interface Requests {
  readonly middlewareStack: {
    add(middleware: (next: Send) => Send, options: { readonly step: 'deserialize'; readonly name: string }): void;
  };
}

/** The function `runbook` in a process of its own, as far as anybody outside can tell. */
export class ExecutionEnvironment implements AsyncDisposable {
  readonly gate: Gate;
  readonly #wired: ReturnType<typeof wire>;
  readonly #proxies: readonly BrokerProxy[];

  private constructor(gate: Gate, wired: ReturnType<typeof wire>, proxies: readonly BrokerProxy[]) {
    this.gate = gate;
    this.#wired = wired;
    this.#proxies = proxies;
  }

  static async open(pair: Pair): Promise<ExecutionEnvironment> {
    const gate = new Gate();
    const before = (site: Site) =>
      BrokerProxy.before(
        pair.serversOf(site),
        async (apiKey) => {
          if (apiKey === API_VERSIONS) return gate.closed ? 'never' : 'through';
          const verdict = gate.admit();
          if (apiKey === OFFSET_COMMIT && verdict !== 'never') await pair.watch.offsetsAreSet();
          return verdict;
        },
        () => !gate.closed,
      );
    const [east, west] = await Promise.all([before(pair.east), before(pair.west)]);
    const environment = pair.environment({ east: east.address, west: west.address });
    return new ExecutionEnvironment(gate, wire(environment, outside(pair, gate)), [east, west]);
  }

  /** What the function's handler does with one event. @param cut undefined: it is not cut off */
  async call(event: unknown, cut?: Cut): Promise<StepAnswer | 'cut off'> {
    this.gate.set(cut);
    return Promise.race([this.#answer(event), this.gate.cutOff]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.gate.close();
    await Promise.all(this.#proxies.map((each) => each[Symbol.asyncDispose]()));
  }

  async #answer(event: unknown): Promise<StepAnswer> {
    const { flow, portsFor } = this.#wired;
    const call = parseCall(event);
    const { runbook: kind, execution, dryRun } = call;
    try {
      const ports = portsFor(kind, execution, dryRun);
      if (call.stage !== 'conclude') return await runStage({ ...call, kind, flow }, ports, stageTable);
      await conclude(call, flow, ports, new NotedMeter());
      return { kind: 'passed', verdict: 'PASS', says: 'told' };
    } catch (error) {
      return stoppedBy(error);
    }
  }
}

function outside(pair: Pair, gate: Gate): Outside {
  const clock = new FastClock(() => pair.now());
  const wait = async (ms: number) => {
    await clock.wait(ms);
    await gate.unlessClosed(undefined);
  };
  const through = <T extends AwsClient>(client: T): T => {
    const { middlewareStack }: Requests = client;
    const isTable = client instanceof DynamoDBClient;
    const send =
      (next: Send): Send =>
      (args) =>
        gate.pass(async () => {
          if (pair.isSilent(await client.config.region())) {
            await clock.wait(ANSWERED_WITHIN_MS);
            throw Object.assign(new Error('no answer'), { name: 'TimeoutError' });
          }
          if (isTable && pair.throttles()) throw throttled();
          return next(args);
        });
    middlewareStack.add(send, { step: 'deserialize', name: 'gate' });
    return client;
  };
  return { clock: { now: () => clock.now(), wait }, through };
}

function throttled(): Error {
  const message = 'The level of configured provisioned throughput for the table was exceeded.';
  return new ProvisionedThroughputExceededException({ message, $metadata: { httpStatusCode: 400 } });
}
