import { describe, expect, it } from 'vitest';
import { consumerGroup } from '../../../../../shared/adapters/kafka/groups/list-groups.ts';

describe('a listed group', () => {
  it.each([
    ['consumer', 'Classic', 'classic'],
    ['', 'Classic', 'classic'],
    ['consumer', 'Consumer', 'consumer'],
    ['streams', 'Streams', 'streams'],
    ['consumer', undefined, 'classic'],
    ['', '', 'classic'],
  ])('of protocol type "%s" and type %s is one that consumes', (protocolType, groupType, type) => {
    const listed = {
      groupId: 'billing',
      protocolType,
      groupState: 'Empty',
      ...(groupType !== undefined && { groupType }),
    };
    expect(consumerGroup(listed)).toEqual({ id: 'billing', type, state: 'Empty' });
  });

  it.each([
    ['a share group', 'share', 'Share'],
    ['Kafka Connect’s workers', 'connect', 'Classic'],
    ['a schema registry', 'sr', 'Classic'],
    ['a type that we do not know', 'consumer', 'Future'],
  ])('is left out when it is %s', (_what, protocolType, groupType) => {
    expect(consumerGroup({ groupId: 'g', protocolType, groupState: 'Stable', groupType })).toBeUndefined();
  });
});
