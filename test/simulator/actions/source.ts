import type { Simulation } from '../simulation.ts';
import { type Action, RARE } from './action.ts';

export function sourceActions(simulation: Simulation, actions: Action[]): void {
  const { left, source, committed } = simulation;
  const fault = (kind: keyof typeof left, label: string, run: () => void) => {
    if (left[kind] <= 0) return;
    const happen = () => {
      left[kind]--;
      simulation.disturbed.add(kind);
      run();
    };
    actions.push({ weight: RARE, label, run: happen });
  };
  for (let offset = committed; offset < source.logEnd; offset++) {
    if (offset < source.readable - 1 && source.isPresent(offset)) {
      fault('compaction', `the source compacts ${offset}`, () => source.compact(offset));
      fault('retention', `the source deletes up to ${offset}`, () => source.deleteBelow(offset + 1));
    }
  }
  for (let offset = source.logStart; offset < source.logEnd && left.cutBack > 0; offset++) {
    fault('cutBack', `the source is cut back to ${offset}`, () => simulation.cutBack(offset));
  }
  fault('sourceLeader', 'the source partition changes its leader', () => source.changeLeader());
  fault('sourceMadeAnew', 'the source topic is made anew', () => simulation.makeSourceAnew());
  fault('targetMadeAnew', 'the target topic is made anew', () => {
    simulation.targetTopicId = 'target-2';
  });
}
