import type { FlowId } from '../../flow/flow.ts';
import type { ReplicationPolicy } from '../../policy/replication-policy.ts';
import { SubscriptionToCopyError } from './errors.ts';

/** What the topics of either cluster are to an application, which knows them by the names that it produces to. */
export class ApplicationTopics {
  readonly #flow: FlowId;
  readonly #policy: ReplicationPolicy;

  constructor(flow: FlowId, policy: ReplicationPolicy) {
    this.#flow = flow;
    this.#policy = policy;
  }

  /** @throws SubscriptionToCopyError */
  assertNoCopy(topic: string): void {
    const upstream = this.#upstream(topic);
    const source = this.#policy.topicSource(topic);
    const isEnd = source === this.#flow.source || source === this.#flow.target;
    if (upstream !== undefined && isEnd) throw new SubscriptionToCopyError(topic, upstream);
  }

  /**
   * The topics of `cluster` that a subscription means, each with its name for the application: those that are written there
   * and the copies of them from the other cluster. Only what exists is subscribed to: a flow in one direction has copies
   * on one side alone.
   * @param existing names of all topics of the cluster
   */
  subscribed(
    cluster: string,
    subscription: readonly (string | RegExp)[],
    existing: readonly string[],
  ): ReadonlyMap<string, string> {
    const wanted = (name: string) =>
      subscription.some((each) => (typeof each === 'string' ? each === name : matches(each, name)));
    const found = new Map<string, string>();
    for (const topic of existing) {
      const name = this.#nameOn(cluster, topic);
      if (name !== undefined && wanted(name) && !this.#isInternal(name, subscription)) found.set(topic, name);
    }
    return found;
  }

  /** Undefined: a copy of a topic of the same cluster, which an application would read twice. */
  #nameOn(cluster: string, topic: string): string | undefined {
    const upstream = this.#upstream(topic);
    if (upstream === undefined) return topic;
    const source = this.#policy.topicSource(topic);
    if (source === cluster) return undefined;
    const other = cluster === this.#flow.source ? this.#flow.target : this.#flow.source;
    return source === other ? upstream : topic;
  }

  /** Undefined where the name is the same on both clusters. */
  #upstream(topic: string): string | undefined {
    const upstream = this.#policy.upstreamTopic(topic);
    return upstream === topic ? undefined : upstream;
  }

  /** A pattern never means Kafka's or MirrorMaker 2's own topics; a name does. */
  #isInternal(name: string, subscription: readonly (string | RegExp)[]): boolean {
    return this.#policy.isInternal(name) && !subscription.includes(name);
  }
}

/** Also for a pattern that remembers where it stopped (`/g`, `/y`). */
function matches(pattern: RegExp, name: string): boolean {
  pattern.lastIndex = 0;
  return pattern.test(name);
}
