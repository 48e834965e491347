import { RunbookKind } from '../runbook/runbook.ts';
import type { Command } from './command.ts';

/** A row of the table. Its file is loaded when the command is used: no command waits for another's packages. */
export interface CommandRow {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** Every command, in the order of help. To add one: a file in `commands/` and a row here. */
export const COMMANDS: readonly CommandRow[] = [
  {
    name: 'explain',
    summary: 'why is this topic, group or ACL replicated, or why not?',
    load: async () => (await import('./commands/explain.ts')).explain,
  },
  {
    name: 'check',
    summary: 'all faults and warnings of the configuration, as a deployment says them',
    load: async () => (await import('./commands/check.ts')).check,
  },
  {
    name: 'plan',
    summary: 'what would reconcile do now?',
    load: async () => (await import('./commands/plan.ts')).plan,
  },
  {
    name: 'translate',
    summary: 'where is this group or offset on the other cluster?',
    load: async () => (await import('./commands/translate.ts')).translate,
  },
  {
    name: 'status',
    summary: 'how far behind is each flow, topic and group, and what is wrong?',
    load: async () => (await import('./commands/status.ts')).status,
  },
  {
    name: 'gaps',
    summary: 'what could not be copied, when, why, and what can be done?',
    load: async () => (await import('./commands/gaps.ts')).gaps,
  },
  {
    name: 'cost',
    summary: 'what does it cost a month, and what would others?',
    load: async () => (await import('./commands/cost.ts')).cost,
  },
  {
    name: 'verify',
    summary: 'is everything in the target, to the byte and in order?',
    load: async () => (await import('./commands/verify.ts')).verify,
  },
  {
    name: 'switchover',
    summary: 'move applications to the target as planned: start, status, approve, abort',
    load: async () => (await import('./commands/runbook.ts')).runbookCommand(RunbookKind.Switchover),
  },
  {
    name: 'failover',
    summary: 'move applications to the target when the source is lost',
    load: async () => (await import('./commands/runbook.ts')).runbookCommand(RunbookKind.Failover),
  },
  {
    name: 'failback',
    summary: 'move applications back as planned',
    load: async () => (await import('./commands/runbook.ts')).runbookCommand(RunbookKind.Failback),
  },
  {
    name: 'drill',
    summary: 'rehearse a failover without moving anybody',
    load: async () => (await import('./commands/runbook.ts')).runbookCommand(RunbookKind.Drill),
  },
  {
    name: 'adopt',
    summary: 'go on where MirrorMaker 2 stopped',
    load: async () => (await import('./commands/adopt.ts')).adopt,
  },
];
