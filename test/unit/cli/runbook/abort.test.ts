import { describe, expect, test } from 'vitest';
import { AwsCallError } from '../../../../shared/cli/deployment-errors.ts';
import { ExitCode } from '../../../../shared/cli/exit-code.ts';
import { abort } from '../../../../shared/cli/runbook/abort.ts';
import { UNSTYLED } from '../../../../shared/cli/terminal/page.ts';
import { locked, record, Scene, WAITING } from './scene.ts';

const entry = locked();
const drain = record('drain', WAITING);
const undone = record('undo', { says: 'writers go on', evidence: { left: ['offsets on us-west'] } });
const asking = (taskToken: string) => record('approve', { ...WAITING, evidence: { taskToken } });

describe('abort of a run that goes on', () => {
  test('asks it to end, and follows it until it has undone itself', async () => {
    const scene = new Scene(
      { running: true, entry, stages: [drain] },
      { running: true, entry, stages: [drain, undone] },
      { running: false, entry, stages: [drain, undone] },
    );

    const answer = await abort(scene.asked);

    expect(scene.aborts).toEqual([3]);
    expect(scene.undoAnswers).toEqual([]);
    expect(answer.exitCode).toBe(ExitCode.Yes);
    expect(answer.text(UNSTYLED)).toBe(
      'us-east->us-west: switchover undone: writers go on\n  left: offsets on us-west',
    );
  });

  test('ends the waiting for a person, for no other stage comes to hear of it', async () => {
    const scene = new Scene(
      { running: true, entry, stages: [asking('token-1')] },
      { running: true, entry, stages: [asking('token-1')] },
      { running: false, entry, stages: [asking('token-1'), undone] },
    );

    const answer = await abort(scene.asked);

    expect(scene.decisions).toEqual([{ taskToken: 'token-1', decision: 'aborted' }]);
    expect(answer.exitCode).toBe(ExitCode.Yes);
  });

  test.each([
    ['the same token', 'token-1'],
    ['another token', 'token-2'],
  ])('ends it also where the run comes to ask meanwhile, and once more by %s', async (_, second) => {
    const scene = new Scene(
      { running: true, entry, stages: [] },
      { running: true, entry, stages: [asking('token-1')], decided: 'too late' },
      { running: true, entry, stages: [asking(second)] },
      { running: false, entry, stages: [undone] },
    );

    await abort(scene.asked);

    expect(scene.decisions).toEqual([
      { taskToken: 'token-1', decision: 'aborted' },
      { taskToken: second, decision: 'aborted' },
    ]);
  });

  test('says when it may not end the waiting, at once', async () => {
    const denied = new AwsCallError('us-east->us-west', 'states:SendTaskFailure', new Error('denied'));
    const scene = new Scene(
      { running: true, entry, stages: [asking('token-1')], decided: denied },
      { running: false, entry, stages: [undone] },
    );

    await expect(abort(scene.asked)).rejects.toBe(denied);
  });

  test.each([
    ['before it heard of it', []],
    ['without undoing all', [record('undo', { outcome: 'stopped', says: 'us-east does not answer' })]],
  ])('has the function undo it where its execution ends %s', async (_, stages) => {
    const scene = new Scene({ running: true, entry, stages: [] }, { running: false, entry, stages });
    scene.failure = { error: 'stop-flow.STAGE_TIMED_OUT', cause: 'stop-flow: orders-3 is not held' };
    scene.undoAnswers.push({ kind: 'passed', says: 'Clients go on at us-east.', left: [] });

    const answer = await abort(scene.asked);

    expect(answer.exitCode).toBe(ExitCode.Yes);
    expect(answer.text(UNSTYLED)).toBe('us-east->us-west: switchover undone: Clients go on at us-east.');
  });

  test('of which nothing is left when it ends, as of a drill, needs nobody to undo it', async () => {
    const scene = new Scene({ running: true, entry, stages: [] }, { running: false, entry, stages: [] });
    scene.undoAnswers.push({ kind: 'stopped', says: 'asked for nothing', left: [] });

    expect((await abort(scene.asked)).json).toMatchObject({ undone: true, says: 'it came to its end before' });
  });
});

describe('abort', () => {
  test('of a run whose execution was stopped: the function undoes it, as often as it takes', async () => {
    const scene = new Scene({ running: false, entry });
    scene.undoAnswers.push({ kind: 'waiting', says: 'lifting the hold of 3 partitions', left: [] });
    scene.undoAnswers.push({ kind: 'stopped', says: 'us-east does not answer', left: ['the hold'] });

    const answer = await abort(scene.asked);

    expect(scene.lines).toEqual(['  lifting the hold of 3 partitions']);
    expect(answer.exitCode).toBe(ExitCode.No);
    expect(answer.json).toMatchObject({ undone: false, left: ['the hold'] });
  });

  test('of a run whose execution Step Functions has forgotten: the function undoes it', async () => {
    const scene = new Scene({ running: 'forgotten', entry });
    scene.undoAnswers.push({ kind: 'passed', says: 'Clients go on at us-east.', left: [] });

    expect((await abort(scene.asked)).exitCode).toBe(ExitCode.Yes);
    expect(scene.undoAnswers).toEqual([]);
  });

  test('of no run at all is refused', async () => {
    const scene = new Scene();

    await expect(abort(scene.asked)).rejects.toMatchObject({ code: 'NO_RUN' });
    expect(scene.aborts).toEqual([]);
  });
});
