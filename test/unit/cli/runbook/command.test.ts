import { describe, expect, test } from 'vitest';
import { RunbookKind } from '../../../../shared/runbook/runbook.ts';
import { causeway, properties } from '../command-line.ts';

describe.each(Object.values(RunbookKind))('causeway %s', (kind) => {
  test.each([
    ['without a word of what to do', [kind], 'needs to be told what to do'],
    ['with a word that it does not know', [kind, 'begin'], `${kind} knows no begin`],
    ['with a word too many', [kind, 'status', 'now'], `${kind} status takes no now`],
    [
      'with a generation that is none',
      [kind, 'status', '--generation', '0'],
      '--generation 0 is no whole number from 1',
    ],
    ['of a flow that there is not', [kind, 'start', '--flow', 'us-west:eu'], 'there is no flow us-west:eu'],
  ])('%s ends with what it takes', async (_, args, says) => {
    const { exitCode, err } = await causeway(args, properties());

    expect(err).toContain(says);
    expect(exitCode).toBe(2);
  });
});

test('a drill is approved by nobody', async () => {
  expect((await causeway(['drill', 'approve'], properties())).err).toContain('drill knows no approve');
  expect((await causeway(['drill', 'start', '--approval', 'waived'], properties())).err).toContain(
    'there is no option --approval',
  );
});

test('approval is required or waived', async () => {
  const { err } = await causeway(['failover', 'start', '--approval', 'maybe'], properties());

  expect(err).toContain('--approval maybe is neither required nor waived');
});

test('a flow that is not enabled has nothing to be moved, and the line says which line to change', async () => {
  const { err, exitCode } = await causeway(['failback', 'start', '--flow', 'us-west:us-east'], properties());

  expect(err).toContain('the flow us-west->us-east is not enabled');
  expect(err).toContain('FLOW_NOT_ENABLED');
  expect(exitCode).not.toBe(0);
});
