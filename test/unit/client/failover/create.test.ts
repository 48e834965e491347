import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import kafkajs from 'kafkajs';
import { expect, test } from 'vitest';
import { createFailoverKafka, MemoryRegistry } from '../../../../shared/client/index.ts';

const QUIET = { logLevel: kafkajs.logLevel.NOTHING };
const nobody = { brokers: ['127.0.0.1:9'] };

test('the registry is read at once, and no cluster is connected to', async () => {
  await using kafka = createFailoverKafka({
    flow: { source: 'us-east', target: 'us-west' },
    clusters: { 'us-east': nobody, 'us-west': nobody },
    registry: new MemoryRegistry({ active: 'us-west', clients: 'clients-fenced', generation: 3, changedAt: 1 }),
    ...QUIET,
  });
  const producer = kafka.producer();
  await producer.connect();

  expect(kafka.state()).toEqual({ active: 'us-west', clients: 'clients-fenced', generation: 3, changedAt: 1 });
});

test('both clusters of the flow must be given: the types say so', async () => {
  const flow = { source: 'us-east', target: 'us-west' } as const;
  const kafka = createFailoverKafka({
    flow,
    // @ts-expect-error: us-west has no brokers
    clusters: { 'us-east': nobody },
    registry: new MemoryRegistry(),
    ...QUIET,
  });
  await kafka.close();
});

test('a registry that cannot be read keeps connect() from going on', async () => {
  const registry = new MemoryRegistry();
  registry.fail(new Error('AccessDeniedException'));
  await using kafka = createFailoverKafka({
    flow: { source: 'us-east', target: 'us-west' },
    clusters: { 'us-east': nobody, 'us-west': nobody },
    registry,
    firstReadMs: 10,
    ...QUIET,
  });

  await expect(kafka.producer().connect()).rejects.toMatchObject({ code: 'REGISTRY_UNREADABLE' });
  await expect(kafka.consumer({ groupId: 'billing' }).connect()).rejects.toMatchObject({ code: 'REGISTRY_UNREADABLE' });
});

test('no AWS package is loaded with the client', { timeout: 60_000 }, () => {
  const client = new URL('../../../../shared/client/index.ts', import.meta.url);
  const program = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ resolve: (name, context, next) => (loaded.push(name), next(name, context)) });
    await import(${JSON.stringify(client.href)});
    console.log(JSON.stringify(loaded));
  `;
  const output = execFileSync(process.execPath, ['--input-type=module', '--no-warnings', '-e', program], {
    cwd: fileURLToPath(new URL('../../../..', import.meta.url)),
    encoding: 'utf8',
  });
  const loaded: string[] = JSON.parse(output);

  expect(loaded).toContain('kafkajs');
  expect(loaded.filter((name) => /@aws-sdk|@smithy/.test(name))).toEqual([]);
});
