import { carryOutRepair } from '../../../ledger/repair/carry-out.ts';
import { planRepair } from '../../../ledger/repair/plan.ts';
import type { RepairPlan } from '../../../ledger/repair/repair.ts';
import type { Answer, CommandContext } from '../../command.ts';
import { ExitCode } from '../../exit-code.ts';
import { oneFlow } from '../../one-flow.ts';
import { repairPorts } from './connect.ts';
import { asJson, describeWritten, isRepaired, present } from './present.ts';
import { repairWanted } from './question.ts';

/** `causeway gaps repair`. @throws CausewayError */
export async function repair({ arguments: args, configuration, progress }: CommandContext): Promise<Answer> {
  const loaded = await configuration();
  const flow = oneFlow(args.text('flow'), loaded, 'whose records are to be written');
  const enabled = loaded.configuration.flows.filter((each) => each.enabled);
  const wanted = repairWanted(args, flow, enabled);
  await using ports = repairPorts(flow, args.text('prefix') ?? 'causeway');
  const plan = await planRepair(wanted, ports);
  const isDone = args.flag('apply');
  const tell = (record: RepairPlan['records'][number]) => progress(() => describeWritten(record));
  return repairAnswer(isDone ? await carryOutRepair(plan, ports, tell) : plan, isDone, args.flag('all'));
}

export function repairAnswer(plan: RepairPlan, isDone: boolean, all: boolean): Answer {
  return {
    exitCode: isRepaired(plan) ? ExitCode.Yes : ExitCode.No,
    json: asJson(plan, isDone),
    text: (page) => present(page, plan, isDone, all),
  };
}
