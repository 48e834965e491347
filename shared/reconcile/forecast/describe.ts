import type { Action, ItemChange, MappingRemoval, Waiting } from '../action.ts';
import type { LaterStart } from '../mapping.ts';
import type { OutOfStep } from './compare-all.ts';

/** One step of a plan, as an order. @param gone whether the topic is gone at the source, which is why */
export function describeAction(action: Action, gone = false): string {
  switch (action.kind) {
    case 'create-remote-topic':
      return `create the remote topic ${action.remoteTopic} with ${partitions(action.partitions)}${settingsOf(action.configs)}`;
    case 'begin-grace':
      return `note that it was deleted: ${action.item.remoteTopic} is to be deleted after its grace period`;
    case 'delete-remote-topic':
      return `delete the remote topic ${action.item.remoteTopic}: its source is gone, and the grace period over`;
    case 'grow-remote-topic':
      return `grow the remote topic ${action.remoteTopic} to ${partitions(action.partitions)}`;
    case 'write-item':
      return `note in the offset map: ${because(action.reason, gone)}, generation ${action.item.generation}${beginsAt(action.beginsAt)}`;
    case 'create-mapping':
      return `create an event source mapping of group ${action.item.consumerGroup}`;
    case 'update-mapping':
      return `update the event source mapping ${action.uuid}${action.settings.enabled ? '' : ': disabled'}`;
    case 'delete-mapping':
      return `delete the event source mapping ${action.uuid}: ${because(action.reason, gone)}`;
  }
}

function beginsAt(start: LaterStart | undefined): string {
  if (start === undefined) return '';
  return `, copied from ${typeof start === 'string' ? 'the end of each partition' : new Date(start.atMs).toISOString()} on`;
}

function because(reason: ItemChange | MappingRemoval, gone: boolean): string {
  if (gone && (reason === 'no-longer-covered' || reason === 'not-wanted')) return 'gone at the source';
  return reason.replaceAll('-', ' ');
}

function settingsOf(configs: Readonly<Record<string, string>>): string {
  const each = Object.entries(configs).map(([name, value]) => `${name}=${value}`);
  return each.length === 0 ? '' : ` and ${each.join(', ')}`;
}

/** What is to be changed of a remote topic that is being copied to, as orders. */
export function describeOutOfStep({ settings, give, takeBack }: OutOfStep): readonly string[] {
  return [
    ...settings.map(({ name, value }) =>
      value === undefined ? `leave ${name} to the target's default` : `set ${name} to ${value}`,
    ),
    ...give.map((acl) => `give ${acl}`),
    ...takeBack.map((acl) => `take back ${acl}`),
  ];
}

const WAITING: Readonly<Record<Waiting, string>> = {
  'mapping-deleted': 'wait until Lambda has deleted the mapping',
  'mapping-settled': 'wait until Lambda has made or changed the mapping',
  'deliveries-ended': 'wait until no delivery of the old mapping can be running',
};

/** @param first whether nothing is to be done before it */
export function describeWaiting(waiting: Waiting, first = false): string {
  return first ? WAITING[waiting] : `then ${WAITING[waiting]}`;
}

function partitions(count: number): string {
  return count === 1 ? '1 partition' : `${count} partitions`;
}
