import { setTimeout as wait } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { physicalName } from '../../../infra/flow/names.ts';
import { timeLimits } from '../../adapters/aws/time-limits.ts';
import { DynamoDbFlowRegistry } from '../../adapters/dynamodb/runbook/flow-registry.ts';
import { DynamoDbRunJournal } from '../../adapters/dynamodb/runbook/run-journal.ts';
import type { Flow } from '../../config/flow-schema.ts';
import { flowName, flowOf } from '../../flow/flow.ts';
import { Registry } from '../../runbook/registry/registry.ts';
import type { RunbookKind } from '../../runbook/runbook.ts';
import { askDeployed, deployedFunction, lambdaIn } from '../ask-deployed.ts';
import { callFailed } from '../deployment-errors.ts';
import { regionOf } from '../flow-region.ts';
import { ONLY_ASKED, RunbookMachine } from './machine.ts';
import type { RunbookCommandPorts } from './ports.ts';

const TABLE_TIMEOUTS = timeLimits(3_000, 5_000);
const MAYBE_ABORTED = 'Where no answer came it may have been noted all the same: status shows whether it is undone.';
const MAYBE_UNDONE =
  'Where no answer came it may go on with that all the same: status shows what is undone, and abort does the rest.';

const undoAnswer = z.object({
  kind: z.enum(['passed', 'waiting', 'stopped']),
  says: z.string(),
  left: z.array(z.string()).default([]),
});

const range = z.object({ from: z.number(), to: z.number() }).optional();

const leftBehindAnswer = z.object({
  leftBehind: z
    .object({
      generation: z.number(),
      partitions: z.array(
        z.object({
          ...{ topic: z.string(), partition: z.number() },
          ...{ arrived: range, arrivedAt: range, missing: range, because: z.string().optional() },
        }),
      ),
      ...{ arrived: z.number(), missing: z.number(), unknown: z.number() },
    })
    .nullable(),
});

/** A flow's runbook as it is deployed in its target region. Connects to nothing yet. @throws RegionUnknownError */
export function runbookPorts(flow: Flow, kind: RunbookKind, prefix: string): RunbookCommandPorts & Disposable {
  const id = flowOf(flow);
  const name = flowName(id);
  const region = regionOf(flow, 'target');
  const tableName = physicalName(prefix, id, 'registry');
  const table = new DynamoDBClient({ region, requestHandler: TABLE_TIMEOUTS, maxAttempts: 2 });
  const machine = new RunbookMachine(name, physicalName(prefix, id, kind), region);
  const lambda = lambdaIn(region);
  const runbookFunction = deployedFunction(flow, prefix, 'runbook', 'target');
  const deployed = { flow: name, thing: `table ${tableName}`, region, half: 'target' } as const;
  const told = async <T>(right: string, answer: Promise<T>, safe = ONLY_ASKED): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      throw callFailed(deployed, right, error, safe);
    }
  };
  const registry = new Registry({ flow: id, entries: new DynamoDbFlowRegistry(table, tableName, id) });
  const journalOf = (dryRun?: string) => {
    const journal = new DynamoDbRunJournal(table, { tableName, flow: id, ...(dryRun !== undefined && { dryRun }) });
    return {
      run: (generation: number) => told('dynamodb:Query', journal.run(generation)),
      runs: (limit: number) => told('dynamodb:Query', journal.runs(limit)),
      stage: (...asked: Parameters<typeof journal.stage>) => told('dynamodb:GetItem', journal.stage(...asked)),
    };
  };
  return {
    flow: id,
    registry: {
      entry: () => told('dynamodb:GetItem', registry.entry()),
      requestAbort: (generation) => told('dynamodb:PutItem', registry.requestAbort(generation), MAYBE_ABORTED),
    },
    journal: journalOf(),
    journalOf,
    machine,
    undo: (execution) => {
      const call = { runbook: kind, stage: 'undo', execution };
      return askDeployed(lambda, runbookFunction, call, undoAnswer, MAYBE_UNDONE);
    },
    leftBehind: async () => {
      const question = { ask: 'left-behind' };
      const answer = await askDeployed(lambda, runbookFunction, question, leftBehindAnswer, ONLY_ASKED);
      return answer.leftBehind ?? undefined;
    },
    clock: { now: Date.now, wait: (ms) => wait(ms) },
    [Symbol.dispose]: () => {
      table.destroy();
      lambda.destroy();
      machine[Symbol.dispose]();
    },
  };
}
