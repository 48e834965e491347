import { PatternRefusal } from './refusal.ts';

interface CapturingGroup {
  /** Its name in the JavaScript pattern. */
  readonly id: string;
  readonly name: string | undefined;
  closed: boolean;
  /** Alternatives, repetitions and look-arounds that the group is in and that may pass it by. */
  readonly within: Set<number>;
}

/**
 * Decides which back references are certain to find their group set. Java fails at a group that took no part, and
 * keeps what an earlier repetition captured; JavaScript does the opposite of both. So a reference is taken only where
 * nothing can pass the group by without passing the reference by too.
 */
export class BackReferences {
  readonly #groups: CapturingGroup[] = [];
  #scopes: readonly number[] = [];
  #nextScope = 0;

  open(name: string | undefined, at: number): { readonly id: string; closed: boolean } {
    if (name !== undefined && this.#groups.some((group) => group.name === name))
      throw new PatternRefusal(`two groups are named ${name}`, at);
    const group = { id: `g${this.#groups.length + 1}`, name, closed: false, within: new Set(this.#scopes) };
    this.#groups.push(group);
    return group;
  }

  /** Whether a group with this number has been opened. */
  exists(number: string): boolean {
    return /^[1-9][0-9]*$/.test(number) && this.#groups.length >= Number(number);
  }

  /** JavaScript source of a reference to the group with this name or number. */
  use(reference: string, at: number): string {
    const group = /^[0-9]/.test(reference)
      ? this.#groups[Number(reference) - 1]
      : this.#groups.find(({ name }) => name === reference);
    if (group === undefined) throw new PatternRefusal(`there is no group ${reference} before this`, at);
    const certain = group.closed && [...group.within].every((scope) => this.#scopes.includes(scope));
    if (!certain)
      throw new PatternRefusal(`group ${reference} may not be set here; Java and JavaScript then differ`, at);
    return `\\k<${group.id}>`;
  }

  mark(): number {
    return this.#groups.length;
  }

  /** Groups opened since `mark` are in something that may pass them by. */
  isolateSince(mark: number): void {
    const scope = this.#newScope();
    for (const group of this.#groups.slice(mark)) group.within.add(scope);
  }

  /** Begins a list of alternatives; the function returned ends it. A single alternative passes nothing by. */
  enterBranches(): (count: number) => void {
    const first = this.#nextScope;
    return (count) => {
      if (count > 1) return;
      for (const group of this.#groups) group.within.delete(first);
    };
  }

  inBranch(read: () => string): string {
    const outer = this.#scopes;
    this.#scopes = [...outer, this.#newScope()];
    const source = read();
    this.#scopes = outer;
    return source;
  }

  #newScope(): number {
    this.#nextScope += 1;
    return this.#nextScope - 1;
  }
}
