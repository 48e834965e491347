import { isExact } from '../local/applications/ledger.ts';
import { UnroutedProducer } from '../local/applications/unrouted-producer.ts';
import { until } from '../local/region/until.ts';
import { step } from '../local/setup/steps.mjs';
import { runbookPorts } from '../shared/cli/runbook/connect.ts';
import type { Flow } from '../shared/config/flow-schema.ts';
import { ClientState } from '../shared/runbook/registry/entry.ts';
import { RunbookKind } from '../shared/runbook/runbook.ts';
import type { BenchArguments } from './arguments.ts';
import { onBusyPair, readToTheEnd } from './deployed-pair.ts';
import { runRunbook } from './deployed-runs.ts';
import { refusedProducer, UNROUTED_AT } from './refused-producer.ts';

const GOES_ON_MS = 30_000;

/** By what writers are held: the registry, which only those see that follow it, or the brokers as well. */
const FENCES = ['registry', 'acls'] as const;

/** Moves while somebody goes on writing, to the cluster that is left, who does not follow the registry. */
export async function unroutedProducerBench(args: BenchArguments): Promise<boolean> {
  const rate = args.whole('rate', 1);
  return args.choice('fence', FENCES) === 'acls' ? refusedProducer(rate, args) : foundProducer(rate, args);
}

/** It has to be found, named and left alone, and everybody else has to go on where they were. */
function foundProducer(rate: number, args: BenchArguments): Promise<boolean> {
  return onBusyPair(rate, async ({ regions, flow, applications }) => {
    const unrouted = new UnroutedProducer(regions.source, UNROUTED_AT, applications.ledger);
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
    const place = `${UNROUTED_AT.topic}-${UNROUTED_AT.partition}`;
    const proven =
      figures.error === 'fence-writers.UNROUTED_PRODUCER' &&
      figures.told.includes(place) &&
      figures.active === regions.source.alias &&
      figures.clients === ClientState.Serving &&
      !figures.locked &&
      groups.every(isExact);
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
