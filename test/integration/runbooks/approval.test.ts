import { afterAll, beforeAll, describe, test } from 'vitest';
import { DynamoDbFlowRegistry } from '../../../shared/adapters/dynamodb/runbook/flow-registry.ts';
import { DynamoDbRunJournal } from '../../../shared/adapters/dynamodb/runbook/run-journal.ts';
import { tokenIn } from '../../../shared/runbook/approval-token.ts';
import { Registry } from '../../../shared/runbook/registry/registry.ts';
import { RunbookKind } from '../../../shared/runbook/runbook.ts';
import { LostSource } from './lost-source.ts';
import { Pair } from './pair.ts';
import { openParts, type Parts } from './parts.ts';
import { type Called, run } from './run.ts';

const { Switchover, Failover } = RunbookKind;
/** Of the function's client of that table. */
const ATTEMPTS = 3;
const REQUIRED = { approval: 'required' } as const;

let parts: Parts;
beforeAll(async () => {
  parts = await openParts();
});
afterAll(() => parts[Symbol.asyncDispose]());

function registryOf({ flow }: Pair): Registry {
  return new Registry({ flow, entries: new DynamoDbFlowRegistry(parts.dynamoDb.client, parts.registryTable, flow) });
}

async function requestAbort(pair: Pair): Promise<void> {
  const registry = registryOf(pair);
  await registry.requestAbort((await registry.entry()).generation);
}

/** As the command finds it. */
async function tokenFor(pair: Pair): Promise<string | undefined> {
  const journal = new DynamoDbRunJournal(parts.dynamoDb.client, { tableName: parts.registryTable, flow: pair.flow });
  return tokenIn(await journal.stage((await registryOf(pair).entry()).generation, 'approve'));
}

describe.concurrent('Somebody who is asked to approve', { timeout: 240_000 }, () => {
  test.for([
    { what: 'to say who has the lock', first: 1 },
    { what: 'to take the token', first: 3 },
  ])('finds the token by which the run waits, also where DynamoDB refuses $what', async ({ first }, { expect }) => {
    await using pair = await Pair.open(parts);
    let requests = 0;
    let asking = false;
    pair.throttles = () => asking && ++requests >= first && requests < first + ATTEMPTS;
    const tokens: unknown[] = [];
    const decide = async (taskToken: string) => {
      asking = false;
      tokens.push(taskToken, await tokenFor(pair));
      return { answer: { by: 'ann' } };
    };
    const before = async ({ stage }: Called) => {
      asking = stage === 'approve';
      await pair.beat();
    };

    const { status, cause, calls } = await run(pair, Switchover, { input: REQUIRED, before, decide });

    expect([status, cause]).toEqual(['SUCCEEDED', undefined]);
    expect(calls.filter((call) => call.startsWith('approve'))).toEqual(['approve NOT_ASKED', 'approve undefined']);
    expect(tokens).toEqual(['token of approve', 'token of approve']);
    await pair.applications.readAll();
  });

  test('is asked again where the function is killed at whatever request', async ({ expect }) => {
    await using pair = await Pair.open(parts);
    const tokens: unknown[] = [];
    const decide = async () => {
      tokens.push(await tokenFor(pair));
      return { answer: { by: 'ann' } };
    };
    const disturb = ({ stage, nth }: Called) =>
      stage === 'approve' && nth <= 3
        ? ({ kind: 'cut off', at: { nth, carriedOut: nth % 2 === 0 } } as const)
        : undefined;

    const { status, cause } = await run(pair, Switchover, { input: REQUIRED, disturb, decide });

    expect([status, cause, tokens]).toEqual(['SUCCEEDED', undefined, ['token of approve']]);
    await pair.applications.readAll();
  });

  test('is not waited for any longer where DynamoDB goes on refusing: the run is undone once it answers', async ({
    expect,
  }) => {
    await using pair = await Pair.open(parts);
    let stage = '';
    pair.throttles = () => stage === 'approve';
    const before = async (called: Called) => {
      ({ stage } = called);
      await pair.beat();
    };

    const { status, error } = await run(pair, Switchover, { input: REQUIRED, before });

    expect([status, error]).toEqual(['FAILED', 'approve.NOT_ASKED']);
    expect(await pair.watch.settled()).toMatchObject({ active: pair.east.alias });
    await pair.applications.readAll();
  });
});

describe.concurrent('A run that is aborted', { timeout: 240_000 }, () => {
  test.for(['fence-writers', 'stop-flow', 'bound-loss', 'move-groups', 'promote'])(
    'is undone, a failover at %s with its source away, and applications go on where they were',
    async (name, { expect }) => {
      await using pair = await Pair.open(parts);
      await using east = await LostSource.open(pair);
      await pair.applications.turn();
      await pair.checkpoint();
      east.silence();
      const before = async ({ stage, nth }: Called) => {
        if (stage === name && nth === 1) await requestAbort(pair);
      };

      const { status, error } = await run(pair, Failover, { before });

      expect([status, error]).toEqual(['FAILED', `${name}.RUN_ABORTED`]);
      east.comesBack();
      await pair.reconcile();
      expect(await pair.watch.settled()).toMatchObject({ active: pair.east.alias });
      await pair.applications.readAll();
    },
  );
});
