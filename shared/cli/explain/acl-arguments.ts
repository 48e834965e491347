import { nearest } from '../../config/nearest.ts';
import type { Arguments } from '../arguments.ts';
import { UsageError } from '../errors.ts';
import { type Acl, OPERATIONS } from './acl.ts';

const HELP = 'causeway explain --help has an example.';

/**
 * The ACLs that the options describe, one for each operation. They are those of kafka-acls, so that a command line for it
 * can be asked about.
 * @throws UsageError
 */
export function aclsIn(args: Arguments, topic: string | undefined): readonly Acl[] {
  const resource = resourceIn(args, topic);
  const pattern = patternIn(args);
  const operations = args.texts('operation').length === 0 ? ['All'] : args.texts('operation');
  const allowed = args.text('allow-principal');
  const denied = args.text('deny-principal');
  const principal = allowed ?? denied;
  if (principal === undefined || (allowed !== undefined && denied !== undefined))
    throw new UsageError('an ACL has one principal', `Add --allow-principal User:<name> or --deny-principal. ${HELP}`);
  const permission = allowed === undefined ? 'DENY' : 'ALLOW';
  const host = args.text(allowed === undefined ? 'deny-host' : 'allow-host') ?? '*';
  return operations.map((each) => ({ ...resource, pattern, permission, principal, host, operation: operation(each) }));
}

function resourceIn(args: Arguments, topic: string | undefined): Pick<Acl, 'resource' | 'name'> {
  const resources: Pick<Acl, 'resource' | 'name'>[] = [];
  const add = (resource: Acl['resource'], name: string | undefined) => {
    if (name !== undefined) resources.push({ resource, name });
  };
  add('topic', topic);
  add('topic', args.text('topic'));
  add('group', args.text('group'));
  add('transactional-id', args.text('transactional-id'));
  // Kafka's own name of this resource.
  add('cluster', args.flag('cluster') ? 'kafka-cluster' : undefined);
  const [first] = resources;
  if (first !== undefined && resources.length === 1) return first;
  throw new UsageError(
    first === undefined ? 'an ACL is about something' : 'an ACL is about one thing',
    `Give one of --topic, --group, --transactional-id and --cluster. ${HELP}`,
  );
}

function patternIn(args: Arguments): Acl['pattern'] {
  const written = args.text('resource-pattern-type') ?? 'literal';
  const found = (['literal', 'prefixed'] as const).find((each) => each === written.toLowerCase());
  if (found !== undefined) return found;
  throw new UsageError(`${written} is no type of pattern that an ACL has`, `literal or prefixed. ${HELP}`);
}

/** `describe-configs`, `DescribeConfigs` and `DESCRIBE_CONFIGS` are one. */
function operation(written: string): string {
  const plain = (text: string) => text.replaceAll(/[_-]/g, '').toLowerCase();
  const found = OPERATIONS.find((each) => plain(each) === plain(written));
  if (found !== undefined) return found.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
  const near = nearest(written, OPERATIONS);
  throw new UsageError(
    `there is no operation ${written}${near === undefined ? '' : `; did you mean ${near}?`}`,
    `One of: ${OPERATIONS.join(', ')}.`,
  );
}
