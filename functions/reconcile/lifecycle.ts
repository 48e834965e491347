import { messageOf } from '../../shared/flow/errors.ts';
import type { FlowId } from '../../shared/flow/flow.ts';
import { FlowState } from '../../shared/ledger/topic-registry.ts';
import type { ReconcilePorts } from '../../shared/reconcile/ports.ts';
import { removeAll } from '../../shared/reconcile/remove-all.ts';
import type { DeploymentWork } from './deployment.ts';
import { FIRST_LOOKS } from './request.ts';

/** A flow's beginning and end, as its stack has them. */
export class Lifecycle implements DeploymentWork {
  readonly #flow: FlowId;
  readonly #ports: Pick<ReconcilePorts, 'mappings' | 'registry' | 'clock'>;
  readonly #until: number;
  readonly #invokeSelf: (event: object) => Promise<void>;

  /** @param until when a removal has to end, ms since the epoch */
  constructor(
    flow: FlowId,
    ports: Pick<ReconcilePorts, 'mappings' | 'registry' | 'clock'>,
    until: number,
    invokeSelf: (event: object) => Promise<void>,
  ) {
    this.#flow = flow;
    this.#ports = ports;
    this.#until = until;
    this.#invokeSelf = invokeSelf;
  }

  /**
   * Notes the flow as deployed and has the first looks made by a call of its own, for which no deployment waits. The
   * looks are asked for also when the note fails: a table that is yet to be made has nothing against them.
   */
  async begin(deployment: string): Promise<string> {
    const noted = this.#ports.registry.setFlow({ state: FlowState.Deployed, deployment });
    const [note, call] = await Promise.allSettled([
      noted,
      noted.catch(() => {}).then(() => this.#invokeSelf(FIRST_LOOKS)),
    ]);
    const looks =
      call.status === 'fulfilled'
        ? `looking for topics since ${new Date(this.#ports.clock.now()).toISOString()}`
        : `the first look is the schedule's: ${messageOf(call.reason)}`;
    return note.status === 'fulfilled' ? looks : `${looks}; not noted as deployed: ${messageOf(note.reason)}`;
  }

  /** @throws MappingsRemainError, MappingsUnknownError */
  async remove(deployment: string): Promise<string> {
    const { removed, leaving, unmarked } = await removeAll(this.#flow, this.#ports, { until: this.#until, deployment });
    return [
      `mappings removed ${removed}`,
      ...(leaving.length === 0 ? [] : [`of which Lambda is still deleting ${leaving.length}: ${leaving.join(', ')}`]),
      ...(unmarked === undefined ? [] : [`not noted in the offset map: ${messageOf(unmarked)}`]),
    ].join('; ');
  }
}
