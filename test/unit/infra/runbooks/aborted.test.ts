import { describe, expect, test } from 'vitest';
import { stateMachine } from '../../../../infra/flow/runbooks/definition.ts';
import { RunbookKind } from '../../../../shared/runbook/runbook.ts';
import { POINT_OF_NO_RETURN, type StageName, type StepName, stagesOf } from '../../../../shared/runbook/stages.ts';
import { FLOW, Scene } from '../../runbook/stages/scene.ts';
import { type Ended, interpret, type Reaction } from './interpreter.ts';

const FUNCTION = { arn: 'arn:aws:lambda:us-west-2:111122223333:function:runbook', partition: 'aws' };
const EXECUTION = 'run-1';
const MOST_CALLS = 500;

/** A whole run with the real stages, which somebody wants undone when `stage` is called for the first time. */
async function abortedAt(scene: Scene, kind: RunbookKind, aborted: StageName): Promise<Ended> {
  const machine = stateMachine({ kind, approval: 'required', function: FUNCTION });
  let calls = 0;
  const react = async ({ stage }: Record<string, unknown>): Promise<Reaction> => {
    if (++calls > MOST_CALLS) throw new Error(`${String(stage)} goes on`);
    if (stage === 'conclude') return { answer: { kind: 'passed', verdict: 'PASS', says: 'told' } };
    if (stage === aborted && scene.entry?.run?.abortRequested === false) await scene.requestAbort();
    const answer = await scene.call(stage as StepName, kind, { execution: EXECUTION });
    if (stage !== 'approve') return { answer };
    // As the handler does it; and a person who approves.
    return answer.kind === 'stopped' ? { throws: answer.code } : { answer: { by: 'ann' } };
  };
  return interpret(machine, {}, react, 0, { execution: EXECUTION, now: () => scene.now });
}

async function sceneOf(kind: RunbookKind): Promise<Scene> {
  if (kind === RunbookKind.Failover) return Scene.lostBefore('lock');
  const scene = Scene.withOrders();
  if (kind !== RunbookKind.Failback) return scene;
  await scene.upTo('report', 'switchover', 'the run before');
  scene.westGroups.group('payments', { 'east.orders-0': 100 });
  return scene;
}

/** After `lock`, at which there is no run yet, and up to where applications are moved. */
function abortable(kind: RunbookKind): readonly StageName[] {
  const names = stagesOf(kind).map(({ name }) => name);
  const last = kind === RunbookKind.Drill ? 'remove-shadows' : POINT_OF_NO_RETURN;
  return names.slice(1, names.indexOf(last) + 1);
}

describe.each(Object.values(RunbookKind))('A %s that is aborted', (kind) => {
  test.each(abortable(kind))('at %s is undone by its own execution', async (stage) => {
    const scene = await sceneOf(kind);
    const moved = kind === RunbookKind.Failback ? FLOW.target : FLOW.source;

    const { status, error, cause, entered } = await abortedAt(scene, kind, stage);

    expect([status, error]).toEqual(['FAILED', `${stage}.RUN_ABORTED`]);
    expect(entered.slice(entered.lastIndexOf(`did ${stage} pass?`))).toContain('undo');
    expect(cause).not.toContain('Nothing was undone');
    expect(scene.entry).toMatchObject({ active: moved, clients: 'serving', run: undefined });
    expect([scene.there.held, scene.back.held]).toEqual([undefined, undefined]);
    expect([...(await scene.westGroups.list()).groups.keys()].filter((id) => id.startsWith('causeway-drill'))).toEqual(
      [],
    );
    if (kind !== RunbookKind.Failover)
      expect([...scene.there.all, ...scene.back.all].filter(({ enabled }) => !enabled)).toEqual([]);
  });
});

test('A failover that stops by itself once writers are fenced stays there all the same', async () => {
  const scene = await sceneOf(RunbookKind.Failover);
  const machine = stateMachine({ kind: RunbookKind.Failover, approval: 'waived', function: FUNCTION });
  const react = async ({ stage }: Record<string, unknown>): Promise<Reaction> => {
    if (stage === 'stop-flow') return { answer: { kind: 'stopped', code: 'RUN_STOPPED', says: 'not held' } };
    if (stage === 'conclude') return { answer: { kind: 'passed', verdict: 'PASS', says: 'told' } };
    return { answer: await scene.call(stage as StepName, RunbookKind.Failover, { execution: EXECUTION }) };
  };
  const { entered } = await interpret(machine, {}, react, 0, { execution: EXECUTION, now: () => scene.now });
  expect(entered).not.toContain('undo');
  expect(scene.entry).toMatchObject({ clients: 'producers-fenced', run: { execution: EXECUTION } });
});
