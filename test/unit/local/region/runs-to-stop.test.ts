import { expect, it } from 'vitest';
import { UsageFault } from '../../../../local/region/errors.ts';
import { runsToStop } from '../../../../local/region/runs-to-stop.ts';

const [mine, theirs] = [{ id: '1-mine' }, { id: '2-theirs' }];
const none = { id: undefined, all: false };

function faultOf(...asked: Parameters<typeof runsToStop>): UsageFault {
  try {
    runsToStop(...asked);
  } catch (error) {
    if (error instanceof UsageFault) return error;
  }
  throw new Error('no fault');
}

it('stops the run that is named, and no other', () => {
  expect(runsToStop([mine, theirs], { id: '2-theirs', all: false })).toEqual([theirs]);
});

it('stops the only one when none is named', () => {
  expect(runsToStop([mine], none)).toEqual([mine]);
  expect(runsToStop([], none)).toEqual([]);
});

it('stops nothing when several are up and none is named, and says what to type', () => {
  const fault = faultOf([mine, theirs], none);

  expect(fault.message).toBe('2 runs are up: which one is to be stopped?');
  expect(fault.next).toBe(
    [
      'Type one of:',
      '  npm run local -- down 1-mine',
      '  npm run local -- down 2-theirs',
      '  npm run local -- down --all',
    ].join('\n'),
  );
});

it('stops all of them only when told so', () => {
  expect(runsToStop([mine, theirs], { id: undefined, all: true })).toEqual([mine, theirs]);
  expect(runsToStop([], { id: undefined, all: true })).toEqual([]);
});

it('stops nothing for an id that is not up, or for one beside --all', () => {
  expect(faultOf([mine], { id: '9', all: false }).next).toBe('Type one of:\n  npm run local -- down 1-mine');
  expect(faultOf([], { id: '9', all: false }).message).toBe('No run 9 is up.');
  expect(faultOf([mine], { id: '1-mine', all: true }).message).toBe('1-mine or --all: not both.');
});
