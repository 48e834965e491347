import { expect, test } from 'vitest';
import { causeway, properties } from './command-line.ts';
// Loaded here, since a command loads its packages when it is first used, which takes longer than a test may.
import '../../../shared/cli/commands/adopt.ts';
import '../../../shared/cli/commands/plan.ts';
import '../../../shared/cli/commands/status.ts';
import '../../../shared/cli/commands/translate.ts';

const QUESTIONS = [
  ['plan'],
  ['status'],
  ['adopt'],
  ['translate', '--group', 'billing'],
  ['translate', '--topic', 'orders', '--partition', '0', '--offset', '1'],
];

test.each(QUESTIONS)(
  '%s %s of a flow that is not enabled is answered no, with the line that says so',
  async (...args) => {
    const file = properties('us-west->us-east.enabled = false');
    const { exitCode, out, err } = await causeway([...args, '--flow', 'us-west:us-east'], file);

    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    const text = err.replace(/\s+/g, ' ');
    expect(text).toContain('FLOW_NOT_ENABLED');
    expect(text).toContain('the flow us-west->us-east is not enabled (mm2.properties:5: us-west->us-east.enabled)');
    expect(text).toContain('line 5 becomes us-west->us-east.enabled = true');
  },
);

test('a flow that the file does not speak of is not enabled by default', async () => {
  const { exitCode, err } = await causeway(['status', '--flow', 'us-west->us-east', '--json'], properties());

  expect(exitCode).toBe(1);
  expect(JSON.parse(err)).toMatchObject({
    error: {
      code: 'FLOW_NOT_ENABLED',
      what: 'the flow us-west->us-east is not enabled (the default: mm2.properties does not set it)',
      next: expect.stringContaining('add the line us-west->us-east.enabled = true'),
    },
  });
});

test.each(QUESTIONS)('%s %s of a file that enables no flow is answered no', async (...args) => {
  const { exitCode, err } = await causeway(args, properties().replace('enabled = true', 'enabled = false'));

  expect(exitCode).toBe(1);
  expect(err).toContain('mm2.properties enables no flow');
});
