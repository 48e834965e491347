import { afterAll, beforeAll, describe, test } from 'vitest';
import { ClusterAdmin } from '../../../shared/adapters/kafka/admin.ts';
import { deleteTopic } from '../../../shared/adapters/kafka/delete-topic.ts';
import { RunbookKind } from '../../../shared/runbook/runbook.ts';
import { Pair } from './pair.ts';
import { openParts, type Parts } from './parts.ts';
import { run } from './run.ts';

const { Switchover, Failback } = RunbookKind;

let parts: Parts;
beforeAll(async () => {
  parts = await openParts();
});
afterAll(() => parts[Symbol.asyncDispose]());

describe.concurrent('A topic that is to be copied, and that nobody has taken on', { timeout: 240_000 }, () => {
  test.for([
    { kind: Switchover, before: [], from: 'east' },
    { kind: Failback, before: [Switchover], from: 'west' },
  ] as const)('stops a $kind before anything is moved, and is named', async ({ kind, before, from }, { expect }) => {
    await using pair = await Pair.open(parts);
    for (const first of before) expect(await run(pair, first)).toMatchObject({ status: 'SUCCEEDED' });
    const name = `${pair.topic}-late`;
    const topicId = await new ClusterAdmin(pair[from].cluster).createTopic({
      ...{ name, partitions: 1, replicationFactor: 1 },
    });

    const stopped = await run(pair, kind);

    expect(stopped).toMatchObject({ status: 'FAILED', cause: expect.stringContaining(name) });
    expect(stopped.calls.filter((call) => call.startsWith('fence-writers'))).toEqual([]);
    expect(await pair.watch.settled()).toMatchObject({ active: pair[from].alias });
    await deleteTopic(pair[from].cluster, name, topicId);
    expect(await run(pair, kind)).toMatchObject({ status: 'SUCCEEDED' });
  });
});
