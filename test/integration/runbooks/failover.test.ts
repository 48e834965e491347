import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isUndoneAt } from '../../../infra/flow/runbooks/after-a-stop.ts';
import { RunbookKind } from '../../../shared/runbook/runbook.ts';
import { stagesOf } from '../../../shared/runbook/stages.ts';
import { LostSource } from './lost-source.ts';
import { Pair } from './pair.ts';
import { openParts, type Parts } from './parts.ts';
import { type Called, type Disturbance, type Ran, run } from './run.ts';

const { Failover } = RunbookKind;
const STAGES = stagesOf(Failover).flatMap(({ name }) => (name === 'approve' ? [] : [name]));
/** It comes after the lock was given back, or gives it back: whoever is next finds applications where they are wanted. */
const LAST: readonly string[] = ['release', 'report'];

let parts: Parts;
beforeAll(async () => {
  parts = await openParts();
});
afterAll(() => parts[Symbol.asyncDispose]());

/** Applications have worked, and then the east is gone with a record that was not copied. */
async function lost(pair: Pair): Promise<LostSource> {
  const east = await LostSource.open(pair);
  for (let turns = 0; turns < 3; turns++) await pair.applications.turn();
  await pair.checkpoint();
  east.silence();
  await pair.applications.writeAt(pair.east);
  return east;
}

/** The source is not there while it goes on: nothing is written on it, and no heartbeat comes. */
function failOver(pair: Pair, disturb?: (called: Called) => Disturbance | undefined): Promise<Ran> {
  return run(pair, Failover, { before: async () => {}, ...(disturb && { disturb }) });
}

describe.concurrent('A failover', { timeout: 240_000 }, () => {
  test('of which the function is killed, or called twice, at every stage goes through', async () => {
    await using pair = await Pair.open(parts);
    await using east = await lost(pair);
    const disturb = ({ stage, nth }: Called): Disturbance | undefined => {
      if (nth > 1) return undefined;
      const index = STAGES.indexOf(stage as (typeof STAGES)[number]);
      return index % 2 === 0 ? { kind: 'cut off', at: { nth: 1, carriedOut: true } } : { kind: 'twice at once' };
    };

    const { status, cause, calls } = await failOver(pair, disturb);

    expect([status, cause]).toEqual(['SUCCEEDED', undefined]);
    expect(calls.filter((call) => call.endsWith('Runtime.ExitError'))).toHaveLength(Math.ceil(STAGES.length / 2));
    expect(await east.leavesNothing()).toMatchObject({ active: pair.west.alias });
  });

  test('of which the execution is stopped at every stage is gone on with by the next one', async () => {
    await using pair = await Pair.open(parts);
    await using east = await lost(pair);
    const late: Promise<unknown>[] = [];
    for (const name of STAGES.filter((stage) => !LAST.includes(stage))) {
      const stopped = await failOver(pair, ({ stage }) => (stage === name ? { kind: 'execution stopped' } : undefined));
      expect([name, stopped.status]).toEqual([name, 'ABORTED']);
      late.push(...stopped.late);
    }

    const { status, cause } = await failOver(pair);

    expect([status, cause]).toEqual(['SUCCEEDED', undefined]);
    await Promise.all(late);
    expect(await east.leavesNothing()).toMatchObject({ active: pair.west.alias });
  });

  test('that times out or is killed in every call of one stage of three stays at its last good stage, or is undone', async () => {
    await using pair = await Pair.open(parts);
    await using east = await lost(pair);
    // Each run waits in earnest for brokers that do not answer.
    for (const [index, name] of STAGES.filter((_, at) => at % 3 === 1).entries()) {
      const error = index % 2 === 0 ? 'Sandbox.Timedout' : 'Runtime.ExitError';
      const at = { nth: 2 + (index % 4), carriedOut: index % 3 === 0 };
      const { status, error: said } = await failOver(pair, ({ stage }) =>
        stage === name ? { kind: 'cut off', at, error } : undefined,
      );

      expect([status, said]).toEqual(['FAILED', `${name}.${error}`]);
      if (isUndoneAt(Failover, name)) expect(await pair.watch.settled()).toMatchObject({ active: pair.east.alias });
    }
    expect(await east.leavesNothing()).toMatchObject({ active: pair.west.alias });
  });
});
