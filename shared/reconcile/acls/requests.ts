import type { CausewayError } from '../../flow/errors.ts';
import type { TopicAclBinding } from '../../policy/acl-selection.ts';

/** Bindings of one request: each is a record in the cluster's own log. */
const BINDINGS_A_REQUEST = 200;

/** Creates or deletes any number of bindings. @returns by place in `bindings`: what the cluster said against it */
export async function aboutEach(
  bindings: readonly TopicAclBinding[],
  send: (some: readonly TopicAclBinding[]) => Promise<readonly (CausewayError | undefined)[]>,
): Promise<readonly (CausewayError | undefined)[]> {
  const all: (CausewayError | undefined)[] = [];
  for (let at = 0; at < bindings.length; at += BINDINGS_A_REQUEST) {
    const some = bindings.slice(at, at + BINDINGS_A_REQUEST);
    const answers = await send(some);
    all.push(...some.map((_, index) => answers[index]));
  }
  return all;
}
