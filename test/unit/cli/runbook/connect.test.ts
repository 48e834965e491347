import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { runbookPorts } from '../../../../shared/cli/runbook/connect.ts';
import type { RunbookCommandPorts } from '../../../../shared/cli/runbook/ports.ts';
import { parseConfiguration } from '../../../../shared/config/parse-configuration.ts';
import { properties } from '../command-line.ts';

const RUN = 'arn:aws:states:us-west-2:000000000000:execution:causeway-us-east-to-us-west-failover:1';
const [FLOW] = parseConfiguration(properties('us-west.causeway.region = us-west-2'), { file: 'mm2.properties' })
  .configuration.flows;

/** Every service refuses in this way. */
async function refusedBy(name: string): Promise<RunbookCommandPorts> {
  const server = createServer((request, response) => {
    request.resume();
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': name };
    response.writeHead(400, headers).end(JSON.stringify({ __type: name, message: 'no' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  if (FLOW === undefined) throw new Error('no flow');
  const ports = runbookPorts(FLOW, 'failover', 'causeway');
  onTestFinished(() => {
    ports[Symbol.dispose]();
    server.close();
  });
  return ports;
}

const READS: readonly (readonly [string, (ports: RunbookCommandPorts) => Promise<unknown>])[] = [
  ['to say where applications are', ({ registry }) => registry.entry()],
  ['to tell runs', ({ journal }) => journal.runs(1)],
  ['to say where an execution stands', ({ machine }) => machine.state(RUN)],
  ['to name the state machine', ({ machine }) => machine.start({})],
  ['to say what was left behind', (ports) => ports.leftBehind()],
];
const CHANGES: typeof READS = [
  ['the note that a run is to end', ({ registry }) => registry.requestAbort(1)],
  ['a decision', ({ machine }) => machine.decide('token', 'approved', 'me')],
  ['an undoing', (ports) => ports.undo(RUN)],
];

test.each(READS)('a refusal %s says that runs go on, whoever asked', async (_, ask) => {
  for (const refusal of ['AccessDeniedException', 'ResourceNotFoundException'])
    await expect(ask(await refusedBy(refusal))).rejects.toMatchObject({
      safe: 'Nothing was changed by that: a run that is under way goes on by itself.',
    });
});

test.each(CHANGES)('a refusal of %s claims nothing of what was not answered', async (_, ask) => {
  await expect(ask(await refusedBy('AccessDeniedException'))).rejects.toMatchObject({
    code: 'AWS_CALL_FAILED',
    safe: expect.stringMatching(/^Where no answer came .* all the same: .*status/),
  });
});

test('an execution that Step Functions has forgotten, 90 days after its end, is none that fails', async () => {
  const { machine } = await refusedBy('ExecutionDoesNotExist');
  expect(await machine.state(RUN)).toMatchObject({ running: false, forgotten: true });
});

test.each(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'])(
  'a decision that nobody waits for any more (%s) is too late',
  async (name) => {
    const { machine } = await refusedBy(name);
    expect(await machine.decide('token', 'approved', 'me')).toBe('too late');
    expect(await machine.decide('token', 'aborted', 'me')).toBe('too late');
  },
);
