import { ParameterAlreadyExists, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { publishRegistry } from '../../../../shared/adapters/aws/publish-registry.ts';
import { initialEntry } from '../../../../shared/runbook/registry/initial-entry.ts';
import { type PublishedEntry, publishedEntry } from '../../../../shared/runbook/registry/published-entry.ts';

const NAME = '/causeway/us-east-to-us-west/registry';
const FIRST = publishedEntry(initialEntry({ source: 'us-east', target: 'us-west' }), () => 'b-1:9092');
const MOVED: PublishedEntry = { ...FIRST, version: 4, active: 'us-west', generation: 1, changedAt: 9 };

const asked = z.object({ Value: z.string().optional(), Overwrite: z.boolean().optional() });

/** One parameter as SSM keeps it. `beforePut` happens once, between what a caller reads and what it writes. */
class Parameter {
  readonly values: string[] = [];
  readonly client = new SSMClient({ region: 'us-west-2' });
  beforePut: () => void = () => {};

  constructor() {
    this.client.middlewareStack.add(
      (_next, context) => async (args) => ({
        output: this.#answer(context.commandName, asked.parse(args.input)),
        response: {},
      }),
      { step: 'initialize', priority: 'high' },
    );
  }

  #answer(command: string | undefined, { Value = '', Overwrite = false }: z.infer<typeof asked>) {
    const meta = { $metadata: {}, message: '' };
    if (command === 'GetParameterCommand') {
      if (this.values.length === 0) throw new ParameterNotFound(meta);
      return { ...meta, Parameter: { Value: this.values.at(-1), Version: this.values.length } };
    }
    this.beforePut();
    this.beforePut = () => {};
    if (this.values.length > 0 && !Overwrite) throw new ParameterAlreadyExists(meta);
    return { ...meta, Version: this.values.push(Value) };
  }
}

const publish = (parameter: Parameter, current: () => PublishedEntry) =>
  publishRegistry({
    regions: [{ region: 'us-west-2', client: parameter.client }],
    name: NAME,
    current: async () => current(),
  });

test('a parameter that is not there is made, also before the first run, and then left as it is', async () => {
  const parameter = new Parameter();

  expect(await publish(parameter, () => FIRST)).toEqual([{ region: 'us-west-2', outcome: 'written', version: 0 }]);
  expect(await publish(parameter, () => FIRST)).toEqual([{ region: 'us-west-2', outcome: 'up-to-date', version: 0 }]);
  expect(parameter.values).toEqual([JSON.stringify(FIRST)]);
});

test('one that a run has set to the other cluster is not set back by who tells what was before', async () => {
  const parameter = new Parameter();
  await publish(parameter, () => MOVED);

  expect(await publish(parameter, () => FIRST)).toMatchObject([{ outcome: 'up-to-date', version: 4 }]);
  expect(parameter.values).toHaveLength(1);
});

test('one that a run makes between the look and the write is never overwritten with what was before', async () => {
  const parameter = new Parameter();
  let entry = FIRST;
  parameter.beforePut = () => {
    entry = MOVED;
    parameter.values.push(JSON.stringify(MOVED));
  };

  expect(await publish(parameter, () => entry)).toMatchObject([{ outcome: 'up-to-date', version: 4 }]);
  expect(parameter.values).toEqual([JSON.stringify(MOVED)]);
});
