import { STAGES, type StepName, UNDO } from '../../../runbook/stages.ts';

/** Sorts behind every stage. */
const UNDO_NUMBER = 99;
/** Digits of a generation: more runs than anybody will start. */
const GENERATION_DIGITS = 10;

/** `RUN#0000000007`. */
export function runKey(generation: number): string {
  return `RUN#${String(generation).padStart(GENERATION_DIGITS, '0')}`;
}

export const DRY_RUN_PREFIX = 'DRY#';

/** Dry runs have no generation of their own. */
export function dryRunKey(execution: string): string {
  return DRY_RUN_PREFIX + execution;
}

/** `RUN#0000000007#05-fence-writers`: beside the key of its run, in the order of the table of stages. */
export function stageKey(run: string, stage: StepName): string {
  const number = stage === UNDO ? UNDO_NUMBER : STAGES.findIndex(({ name }) => name === stage);
  return `${run}#${String(number).padStart(2, '0')}-${stage}`;
}

/** Between which sort keys the stages of a run are; `~` sorts behind digits. */
export function stageKeys(run: string): { readonly from: string; readonly to: string } {
  return { from: `${run}#`, to: `${run}#~` };
}

/** The generation that a sort key belongs to. NaN for anything that {@link runKey} and {@link stageKey} do not make. */
export function generationOf(key: string): number {
  return Number(key.slice('RUN#'.length, 'RUN#'.length + GENERATION_DIGITS));
}
