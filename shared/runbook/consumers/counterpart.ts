import type { Ways } from '../groups/ways.ts';
import type { ConsumerId, ConsumerMapping } from '../ports/consumers.ts';
import type { RunbookRun } from '../runbook.ts';
import { describeConsumer } from './consumer-id.ts';

/** The mapping on the other cluster that goes on where one on this cluster stopped, or why there is none. */
export type Counterpart = { readonly mapping: ConsumerMapping } | { readonly because: string };

/**
 * That of the same function, on the topic that has the records there, with the same group: with another it would begin
 * wherever that group stands. In an emergency what the flow that comes back copies may be away: then the group alone tells,
 * which Lambda gives to one mapping of a region.
 */
export function counterpartOf(
  id: ConsumerId,
  there: readonly ConsumerMapping[],
  ways: Ways,
  { way: { to }, emergency }: Pick<RunbookRun, 'way' | 'emergency'>,
): Counterpart {
  const topics = topicsThere(ways, id.topic);
  const ofFunction = there.filter(({ consumer }) => consumer === id.consumer);
  const known = topics.length > 0 || !emergency;
  const onTopic = ofFunction.filter(({ topic, group }) => (known ? topics.includes(topic) : group === id.group));
  const mapping = onTopic.find(({ group }) => group === id.group);
  if (mapping !== undefined) return { mapping };
  const [other] = onTopic;
  const place = known ? `${topics.join(' or ')} on ${to}` : to;
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
