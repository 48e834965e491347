import { type ReplicationPolicy, replicationPolicy } from './replication-policy.ts';

const SOURCE = '{source}';
const TOPIC = '{topic}';

/** What a broker takes in a topic's name. */
const LEGAL = /^[a-zA-Z0-9._-]*$/;

interface Affixes {
  readonly prefix: string;
  readonly suffix: string;
}

/** A pattern such as `replica-{source}-{topic}` cannot be turned back into source and topic. */
export class NamePatternRefusal extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'NamePatternRefusal';
  }
}

/**
 * Names of the user's own making, `replica-{source}-{topic}` for example. A copy is known by the alias in its name, so
 * every name must lead back to one alias and one topic.
 * @param aliases all clusters of the configuration
 * @throws NamePatternRefusal
 */
export function patternPolicy(
  pattern: string,
  aliases: readonly string[],
  internalSeparator: string,
): ReplicationPolicy {
  const affixesOf = parsePattern(pattern);
  const known = aliases.map((alias) => ({ alias, ...affixesOf(alias) }));
  refuseAmbiguity(pattern, known);
  const find = (topic: string) =>
    known.find(
      ({ prefix, suffix }) =>
        topic.length > prefix.length + suffix.length && topic.startsWith(prefix) && topic.endsWith(suffix),
    );
  return replicationPolicy({
    internalSeparator,
    remoteTopic: (source, topic) => {
      const { prefix, suffix } = affixesOf(source);
      return `${prefix}${topic}${suffix}`;
    },
    topicSource: (topic) => find(topic)?.alias,
    upstreamTopic: (topic) => {
      const affixes = find(topic);
      return affixes && topic.slice(affixes.prefix.length, topic.length - affixes.suffix.length);
    },
  });
}

function parsePattern(pattern: string): (alias: string) => Affixes {
  if (pattern === TOPIC)
    throw new NamePatternRefusal(
      '{topic} alone keeps names as they are: set replication.policy.class to IdentityReplicationPolicy for that',
    );
  const pieces = pattern.split(/(\{source\}|\{topic\})/);
  const once = [SOURCE, TOPIC].every((name) => pieces.filter((piece) => piece === name).length === 1);
  if (!once)
    throw new NamePatternRefusal('it must hold {source} and {topic}, each once: without {source} loops go unseen');
  const illegal = pieces.filter((_, i) => i % 2 === 0).find((text) => !LEGAL.test(text));
  if (illegal !== undefined)
    throw new NamePatternRefusal(`a broker takes only letters, digits, ".", "_" and "-" in names, not "${illegal}"`);
  const [first = '', leading, middle = '', , last = ''] = pieces;
  if (middle === '')
    throw new NamePatternRefusal('no text between {source} and {topic}: a local topic could look like a copy');
  return leading === SOURCE
    ? (alias) => ({ prefix: `${first}${alias}${middle}`, suffix: last })
    : (alias) => ({ prefix: first, suffix: `${middle}${alias}${last}` });
}

function refuseAmbiguity(pattern: string, known: readonly (Affixes & { readonly alias: string })[]): void {
  for (const one of known) {
    for (const other of known) {
      const both = other.prefix.startsWith(one.prefix) && other.suffix.endsWith(one.suffix);
      if (one.alias === other.alias || !both) continue;
      const name = `${other.prefix}orders${other.suffix}`;
      const topic = name.slice(one.prefix.length, name.length - one.suffix.length);
      throw new NamePatternRefusal(
        `${name} could be orders of ${other.alias} or ${topic} of ${one.alias}; ` +
          `choose other text around {source} in ${pattern}, or another alias`,
      );
    }
  }
}
