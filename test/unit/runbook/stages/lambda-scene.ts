import type { RunbookPorts } from '../../../../shared/runbook/ports/ports.ts';
import type { RunbookKind } from '../../../../shared/runbook/runbook.ts';
import { FakeConsumers } from './fake-consumers.ts';
import { Scene } from './scene.ts';

/** `billing` reads orders on east by Lambda, and stands disabled on west; `paused` too, but its owner has disabled it. */
export class LambdaScene extends Scene {
  readonly eastLambda = new FakeConsumers('east', this.changes);
  readonly westLambda = new FakeConsumers('west', this.changes);

  constructor() {
    super();
    this.east.topic('orders', [100, 200]);
    this.west.topic('east.orders', [100, 200]).topic('orders', [10]);
    this.east.topic('west.orders', [10]);
    this.there.topic('orders', 'east.orders', [100, 200]);
    this.back.topic('orders', 'west.orders', [10]);
    this.eastGroups.group('bills', { 'orders-0': 100, 'orders-1': 150 }, 'Stable');
    this.eastGroups.group('pauses', { 'orders-0': 10, 'orders-1': 10 });
    this.eastLambda
      .consumer('billing', 'orders', 'bills', 'enabled')
      .consumer('paused', 'orders', 'pauses', 'disabled');
    this.westLambda
      .consumer('billing', 'east.orders', 'bills', 'disabled')
      .consumer('paused', 'east.orders', 'pauses', 'disabled');
    this.eastLambda.whenDone = ({ group, state }) => this.#polls(this.eastGroups, group, state === 'enabled');
    this.westLambda.whenDone = ({ group, state }) => this.#polls(this.westGroups, group, state === 'enabled');
  }

  override ports(kind: RunbookKind): RunbookPorts {
    const [east, west] = [this.eastLambda, this.westLambda];
    const consumers = kind === 'failback' ? { from: west, to: east } : { from: east, to: west };
    return { ...super.ports(kind), consumers };
  }

  loseEast(): void {
    this.east.lose();
    this.beats = false;
    this.heartbeatAt = this.now - 60_000;
    const at = (offset: number) => ({ offset, leaderEpoch: -1, metadata: '', writtenAt: 0 });
    const offsets = new Map([
      [
        'orders',
        new Map([
          [0, at(90)],
          [1, at(150)],
        ]),
      ],
    ]);
    this.lastKnown = { at: this.now - 1_000, offsets: new Map([['bills', offsets]]) };
  }

  #polls(groups: Scene['eastGroups'], group: string, isPolled: boolean): void {
    groups.states.set(group, isPolled ? 'Stable' : 'Empty');
  }
}
