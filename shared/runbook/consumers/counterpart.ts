import type { Ways } from '../groups/ways.ts';
import type { ConsumerId, ConsumerMapping } from '../ports/consumers.ts';
import { describeConsumer } from './consumer-id.ts';

/** The mapping on the other cluster that goes on where one on this cluster stopped, or why there is none. */
export type Counterpart = { readonly mapping: ConsumerMapping } | { readonly because: string };

/**
 * That of the same function, on the topic that has the records there, with the same group: with another it would begin
 * wherever that group stands.
 */
export function counterpartOf(id: ConsumerId, there: readonly ConsumerMapping[], ways: Ways, to: string): Counterpart {
  const topics = topicsThere(ways, id.topic);
  const onTopic = there.filter(({ consumer, topic }) => consumer === id.consumer && topics.includes(topic));
  const mapping = onTopic.find(({ group }) => group === id.group);
  if (mapping !== undefined) return { mapping };
  const [other] = onTopic;
  const place = `${topics.join(' or ')} on ${to}`;
  if (other !== undefined)
    return {
      because: `${describeConsumer(id)}: its mapping on ${place} has the group ${other.group}, which is not moved for it`,
    };
  const made = `one made with this group goes on where it stopped`;
  return { because: `${describeConsumer(id)} has no mapping on ${place}: nobody consumes there; ${made}` };
}

/** Names of a topic on the cluster that is moved to; none where no flow has it. */
function topicsThere(ways: Ways, topic: string): readonly string[] {
  const { forward, backward } = ways.of(topic, 0) ?? {};
  const names = [forward?.remoteTopic, backward?.topic].filter((name) => name !== undefined);
  return [...new Set(names)];
}
