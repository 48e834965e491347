import { describe, expect, it } from 'vitest';
import { parseCall } from '../../../../functions/runbook/request.ts';
import { STAGES } from '../../../../shared/runbook/stages.ts';

const call = {
  runbook: 'switchover',
  execution: 'arn:aws:states:us-west-2:1:execution:m:e',
  dryRun: false,
  reason: '',
  startedBy: 'alarm',
};

describe('a call of the function runbook', () => {
  it.each(STAGES.filter(({ name }) => name !== 'approve'))('is understood for the stage $name', ({ name: stage }) => {
    expect(parseCall({ ...call, stage })).toEqual({ ...call, stage });
  });

  it('asks a person only with the token that ends the waiting', () => {
    expect(parseCall({ ...call, stage: 'approve', taskToken: 't' })).toMatchObject({
      stage: 'approve',
      taskToken: 't',
    });
    expect(() => parseCall({ ...call, stage: 'approve' })).toThrow('taskToken');
  });

  it('takes back, and concludes, with what stopped it', () => {
    const stops = [{ stage: 'drain', code: 'STAGE_TIMED_OUT', says: 'orders-1' }];
    expect(parseCall({ ...call, stage: 'undo', stops })).toMatchObject({ stops });
    const undone = { says: 'done', left: ['a'] };
    expect(parseCall({ ...call, stage: 'conclude', stops, undone })).toMatchObject({ stops, undone });
    expect(parseCall({ ...call, stage: 'conclude' })).toMatchObject({ stops: [], undone: { says: '', left: [] } });
  });

  it('is a person’s where it does not say whose', () => {
    const { startedBy: _, ...rest } = call;
    expect(parseCall({ ...rest, stage: 'lock' }).startedBy).toBe('person');
    expect(() => parseCall({ ...rest, stage: 'lock', startedBy: 'nobody' })).toThrow();
  });

  it('is refused when it names no stage or no runbook that there is', () => {
    expect(() => parseCall({ ...call, stage: 'promte' })).toThrow();
    expect(() => parseCall({ ...call, runbook: 'swichover', stage: 'lock' })).toThrow();
    expect(() => parseCall({ ...call, execution: '', stage: 'lock' })).toThrow();
  });
});
