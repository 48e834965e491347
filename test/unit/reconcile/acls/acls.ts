import type { CausewayError } from '../../../../shared/flow/errors.ts';
import type { AclNote } from '../../../../shared/ledger/reconcile-notes.ts';
import type { TopicAclBinding } from '../../../../shared/policy/acl-selection.ts';
import type { AclPorts } from '../../../../shared/reconcile/acls/sync-acls.ts';

/** `ALLOW READ User:app orders`, `DENY ALL User:x log-* ` for a prefix: a binding as one writes it down. */
export function binding(written: string): TopicAclBinding {
  const [permission, operation = '', principal = '', name = ''] = written.split(' ');
  const prefixed = name.endsWith('-*');
  return {
    permission: permission === 'DENY' ? 'DENY' : 'ALLOW',
    operation,
    principal,
    host: '*',
    name: prefixed ? name.slice(0, -1) : name,
    pattern: prefixed ? 'prefixed' : 'literal',
  };
}

export function written({ permission, operation, principal, name }: TopicAclBinding): string {
  return `${permission} ${operation} ${principal} ${name}`;
}

/** ACLs of two clusters and the notes of what was made; it counts the changes asked for, and can refuse or stop. */
export class Acls {
  here: readonly TopicAclBinding[] | 'no-authorizer' = 'no-authorizer';
  there: readonly TopicAclBinding[] | 'no-authorizer' = 'no-authorizer';
  readonly notes = new Map<string, AclNote>();
  /** What the target says to the creation or deletion of a binding. */
  readonly refused = new Map<string, CausewayError>();
  asked = 0;

  give(side: 'here' | 'there', ...bindings: readonly string[]): void {
    const now = this[side];
    this[side] = [...(now === 'no-authorizer' ? [] : now), ...bindings.map(binding)];
  }

  take(side: 'here' | 'there', ...bindings: readonly string[]): void {
    const now = this[side];
    if (now !== 'no-authorizer') this[side] = now.filter((each) => !bindings.includes(written(each)));
  }

  get onTarget(): readonly string[] {
    return this.there === 'no-authorizer' ? [] : this.there.map(written).sort();
  }

  create(bindings: readonly TopicAclBinding[]): readonly (CausewayError | undefined)[] {
    this.asked++;
    return bindings.map((each) => {
      const refusal = this.refused.get(written(each));
      if (refusal === undefined && !this.onTarget.includes(written(each))) this.give('there', written(each));
      return refusal;
    });
  }

  remove(bindings: readonly TopicAclBinding[]): readonly (CausewayError | undefined)[] {
    this.asked++;
    return bindings.map((each) => {
      const refusal = this.refused.get(written(each));
      if (refusal === undefined) this.take('there', written(each));
      return refusal;
    });
  }

  write(expected: number, note: AclNote): 'written' | 'conflict' {
    this.asked++;
    if ((this.notes.get(note.remoteTopic)?.version ?? 0) !== expected) return 'conflict';
    if (note.version !== expected + 1) throw new Error(`version ${note.version} after ${expected}`);
    this.notes.set(note.remoteTopic, note);
    return 'written';
  }

  /** What is noted, written down. */
  get noted(): readonly string[] {
    return [...this.notes.values()]
      .flatMap(({ remoteTopic: name, acls }) => acls.map((acl) => written({ ...acl, name, pattern: 'literal' })))
      .sort();
  }

  /** `step` is awaited before each call, and may throw to end a run there. */
  ports(step: () => Promise<void> = async () => {}): AclPorts {
    const after = async <T>(call: () => T): Promise<T> => {
      await step();
      return call();
    };
    return {
      source: { acls: () => after(() => this.here) },
      target: {
        acls: () => after(() => this.there),
        createAcls: (bindings) => after(() => this.create(bindings)),
        deleteAcls: (bindings) => after(() => this.remove(bindings)),
      },
      notes: {
        acls: () => after(() => [...this.notes.values()]),
        writeAcls: (expected, note) => after(() => this.write(expected, note)),
      },
    };
  }
}
