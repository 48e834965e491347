import { readFileSync } from 'node:fs';
import kafkajs from 'kafkajs';
import { expect, test } from 'vitest';
import { sourceRights, targetRights } from '../../e2e/secured/user.ts';

const page = readFileSync(new URL('../../../docs/deploy.md', import.meta.url), 'utf8');

/** `topic us-east. prefixed: WRITE`, of one side's commands. */
function commanded(side: '$east' | '$west'): ReadonlySet<string> {
  const commands = page
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.startsWith(`${side} --`));
  return new Set(
    commands.flatMap((command) => {
      const [, kind = '', name = ''] =
        /--(topic|group|transactional-id|cluster)\s+(?!--)?('\*'|[\w.-]*)/.exec(command) ?? [];
      const pattern = command.includes('--resource-pattern-type prefixed') ? ' prefixed' : '';
      const resource = kind === 'cluster' ? kind : `${kind} ${name.replaceAll("'", '')}${pattern}`;
      return [...command.matchAll(/--operation (\w+)/g)].map(([, operation = '']) => `${resource}: ${operation}`);
    }),
  );
}

type Rights = ReturnType<typeof sourceRights>;

function granted(rights: Rights): readonly string[] {
  const kinds = kafkajs.AclResourceTypes;
  const of = { [kinds.TOPIC]: 'topic', [kinds.GROUP]: 'group', [kinds.TRANSACTIONAL_ID]: 'transactional-id' };
  return rights.flatMap(([{ type, name, prefixed }, operations]) => {
    const kind = Object.entries(of).find(([key]) => Number(key) === type)?.[1];
    const resource = kind === undefined ? 'cluster' : `${kind} ${name}${prefixed ? ' prefixed' : ''}`;
    return operations.map((operation) => `${resource}: ${inCommand(operation)}`);
  });
}

/** `DESCRIBE_CONFIGS` is `DescribeConfigs` on a command line. */
function inCommand(operation: kafkajs.AclOperationTypes): string {
  const [name = ''] = Object.entries(kafkajs.AclOperationTypes).find(([, value]) => value === operation) ?? [];
  return name.toLowerCase().replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

test('the commands of docs/deploy.md grant what secured brokers were seen to need, and nothing else by default', () => {
  const beside = (right: string) => right.startsWith('topic heartbeats:') || right.endsWith(': Delete');

  expect([...commanded('$east')].toSorted()).toEqual(
    granted(sourceRights('syncs'))
      .filter((right) => !right.startsWith('topic syncs'))
      .toSorted(),
  );
  expect([...commanded('$west')].filter((right) => !beside(right)).toSorted()).toEqual(
    granted(targetRights('us-east')).toSorted(),
  );
});
