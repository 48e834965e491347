import { setTimeout as wait } from 'node:timers/promises';
import type { Producer } from 'kafkajs';
import { kafkaAt } from '../local/kafka/clients.ts';
import { until } from '../local/region/until.ts';
import { step } from '../local/setup/steps.mjs';
import { runbookPorts } from '../shared/cli/runbook/connect.ts';
import type { Flow } from '../shared/config/flow-schema.ts';
import { ClientState } from '../shared/runbook/registry/entry.ts';
import { RunbookKind } from '../shared/runbook/runbook.ts';
import type { BenchArguments } from './arguments.ts';
import { onBusyPair, readToTheEnd, runRunbook } from './deployed-pair.ts';

const EVERY_MS = 200;
const PLACE = { topic: 'orders', partition: 1 } as const;
const GOES_ON_MS = 30_000;

/** An application that knows nothing of the registry, and writes one record after the other to one partition. */
class UnroutedProducer {
  written = 0;
  readonly #producer: Producer;
  readonly #done: Promise<void>;
  #stopped = false;

  constructor(servers: string) {
    this.#producer = kafkaAt(servers, 'unrouted-producer').producer({ idempotent: true });
    this.#done = this.#write();
  }

  async #write(): Promise<void> {
    await this.#producer.connect();
    const { topic, partition } = PLACE;
    for (; !this.#stopped; this.written++) {
      await this.#producer.send({ topic, messages: [{ partition, key: 'unrouted', value: String(this.written) }] });
      await wait(EVERY_MS);
    }
    await this.#producer.disconnect();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#done;
  }
}

/**
 * A switchover while somebody goes on writing to the source who does not follow the registry: it has to be found, named and
 * left alone, and everybody else has to go on where they were.
 */
export async function unroutedProducerBench(args: BenchArguments): Promise<boolean> {
  const rate = args.whole('rate', 1);
  return onBusyPair(rate, async ({ regions, flow, applications }) => {
    const unrouted = new UnroutedProducer(regions.source.bootstrapServers);
    applications.writers.longestPauseMs = 0;
    const { state, stages } = await runRunbook(flow, RunbookKind.Switchover);
    const pauseSeconds = applications.writers.longestPauseMs / 1_000;
    const entry = await registryOf(flow);
    const endedAt = Date.now();
    await step('writers go on where they were', () =>
      until(
        async () => applications.writers.lastAt > endedAt,
        GOES_ON_MS,
        () => new Error(`nothing was acknowledged in ${GOES_ON_MS / 1_000} s`),
      ),
    );
    await unrouted.stop();
    const groups = await readToTheEnd(applications);
    const fence = stages.find(({ stage }) => stage === 'fence-writers');
    const figures = {
      bench: 'unrouted-producer' as const,
      error: state.error,
      told: fence?.says ?? '',
      undone: stages.find(({ stage }) => stage === 'undo')?.says ?? '',
      active: entry.active,
      clients: entry.clients,
      locked: entry.run !== undefined,
      pauseSeconds,
      unrouted: unrouted.written,
      groups,
    };
    const place = `${PLACE.topic}-${PLACE.partition}`;
    const proven =
      figures.error === 'fence-writers.UNROUTED_PRODUCER' &&
      figures.told.includes(place) &&
      figures.active === regions.source.alias &&
      figures.clients === ClientState.Serving &&
      !figures.locked &&
      // What it wrote is nobody's of the ledger, and is read like everything else.
      groups.every(
        ({ lost, twice, reordered, foreign }) => lost + twice + reordered === 0 && foreign === unrouted.written,
      );
    console.log(args.flag('json') ? JSON.stringify(figures) : describe(figures, proven));
    return proven;
  });
}

function registryOf(flow: Flow) {
  using ports = runbookPorts(flow, RunbookKind.Switchover, 'causeway');
  return ports.registry.entry();
}

interface Figures {
  readonly error: string | undefined;
  readonly told: string;
  readonly undone: string;
  readonly active: string;
  readonly clients: ClientState;
  readonly pauseSeconds: number;
  readonly unrouted: number;
}

function describe({ error, told, undone, active, clients, pauseSeconds, unrouted }: Figures, proven: boolean): string {
  return [
    '',
    `${error ?? 'the switchover went through'}: ${told}`,
    `undo: ${undone}`,
    `Applications are on ${active} and ${clients}; writing stood still for ${pauseSeconds.toFixed(1)} s. ${unrouted} records came from somebody else.`,
    '',
    proven
      ? 'Found, named and left alone: everybody goes on where they were, nothing lost or read twice.'
      : 'NOT proven.',
  ].join('\n');
}
