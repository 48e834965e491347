import type { CausewayError } from '../../../../shared/flow/errors.ts';
import { NOBODY_WRITES, type TopicAclBinding } from '../../../../shared/policy/acl-selection.ts';
import type { AclWriter } from '../../../../shared/reconcile/acls/sync-acls.ts';
import { Away, type FakeCluster } from './fake-cluster.ts';

/** ACLs of a cluster, which is a set: to make one again changes nothing. */
export class FakeAcls implements AclWriter {
  readonly #cluster: Pick<FakeCluster, 'alias' | 'away'>;
  readonly #changes: string[];
  #bindings: readonly TopicAclBinding[] = [];
  hasAuthorizer = true;
  /** What the cluster says to every change. */
  refusal: CausewayError | undefined;

  constructor(cluster: Pick<FakeCluster, 'alias' | 'away'>, changes: string[]) {
    this.#cluster = cluster;
    this.#changes = changes;
  }

  /** A user fences a topic against all writers. */
  fence(topic: string): void {
    this.#bindings = [...this.#bindings, { ...NOBODY_WRITES, name: topic, pattern: 'literal' }];
  }

  /** Topics that nobody may write to. */
  get fenced(): readonly string[] {
    return this.#bindings.filter(({ permission }) => permission === 'DENY').map(({ name }) => name);
  }

  async acls() {
    this.#asked();
    return this.hasAuthorizer ? this.#bindings : ('no-authorizer' as const);
  }

  async createAcls(bindings: readonly TopicAclBinding[]) {
    this.#asked();
    if (this.refusal) return bindings.map(() => this.refusal);
    for (const each of bindings) {
      if (!this.#has(each)) this.#bindings = [...this.#bindings, each];
      this.#changes.push(`${this.#cluster.alias} refuses writers of ${each.name}`);
    }
    return bindings.map(() => undefined);
  }

  async deleteAcls(bindings: readonly TopicAclBinding[]) {
    this.#asked();
    if (this.refusal) return bindings.map(() => this.refusal);
    for (const each of bindings) {
      if (this.#has(each)) this.#changes.push(`${this.#cluster.alias} admits writers of ${each.name}`);
      this.#bindings = this.#bindings.filter((other) => !same(each, other));
    }
    return bindings.map(() => undefined);
  }

  #has(binding: TopicAclBinding): boolean {
    return this.#bindings.some((each) => same(each, binding));
  }

  #asked(): void {
    if (this.#cluster.away) throw new Away(`no broker of ${this.#cluster.alias} answers`, { safe: '', next: '' });
  }
}

function same(a: TopicAclBinding, b: TopicAclBinding): boolean {
  const keys = ['name', 'pattern', 'permission', 'operation', 'principal', 'host'] as const;
  return keys.every((key) => a[key] === b[key]);
}
