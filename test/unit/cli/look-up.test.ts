import { describe, expect, test, vi } from 'vitest';
import { withDeadline } from '../../../shared/cli/look-up.ts';
import type { SecretReference } from '../../../shared/config/secrets/reference.ts';
import { causeway } from './command-line.ts';

const file = (...lines: readonly string[]) =>
  [
    'clusters = us-east, us-west',
    'config.providers = ssm, env',
    `us-east.bootstrap.servers = \${ssm:/east/brokers}`,
    `us-west.bootstrap.servers = \${env:WEST}:9092, b-2:9092`,
    'us-east->us-west.enabled = true',
    ...lines,
    '',
  ].join('\n');

/** An AWS that is gone, and a machine that knows no variable. */
function nowhere() {
  const asked: SecretReference[] = [];
  const resolve = async (reference: SecretReference) => {
    asked.push(reference);
    throw new TypeError('the region is gone');
  };
  return { asked, resolve };
}

describe('what a file refers to', () => {
  test('is not asked for by explain where it stands for brokers', async () => {
    const { asked, resolve } = nowhere();
    const { out, exitCode } = await causeway(['explain', 'orders'], file(), resolve);

    expect(exitCode).toBe(0);
    expect(out).toContain('orders is replicated as us-east.orders');
    expect(asked).toEqual([]);
  });

  test('is asked for by explain where it names topics, even if it stands for brokers as well', async () => {
    const text = file(`us-east->us-west.topics = \${ssm:/topics}, \${env:WEST}`);
    const answers = new Map([
      ['/topics', 'payments'],
      ['WEST', 'orders'],
    ]);
    const { out } = await causeway(['explain', 'orders'], text, async ({ path }) => answers.get(path) ?? 'wrong:1');

    expect(out).toContain('orders, entry 2 of 2 in topics, takes it');
  });

  test('is asked for by all others', async () => {
    const { asked, resolve } = nowhere();
    await causeway(['check'], file(), resolve);

    expect(asked.map(({ path }) => path)).toEqual(['/east/brokers', 'WEST']);
  });

  test('is given up on after the deadline', async () => {
    vi.useFakeTimers();
    try {
      const answer = withDeadline(() => new Promise(() => {}), 10_000)({ provider: 'ssm', path: '/east' });
      const refused = expect(answer).rejects.toThrow(`\${ssm:/east} cannot be read: no answer within 10 s`);
      await vi.advanceTimersByTimeAsync(10_000);
      await refused;
    } finally {
      vi.useRealTimers();
    }
  });

  test('that is there in time is what it is', async () => {
    const reference = { provider: 'ssm', path: '/east' } as const;

    expect(await withDeadline(async () => 'east:9092', 10_000)(reference)).toBe('east:9092');
  });
});
