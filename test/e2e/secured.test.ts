import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SESSION_MS, SecuredFlow } from './secured/secured-flow.ts';

/** Lambda's pollers and the functions log in again within seconds here; the rest is the back-off of retries. */
const GOES_ON_WITHIN_MS = 60_000;
const WITHIN_MS = 3 * GOES_ON_WITHIN_MS;

let flow: SecuredFlow;
beforeAll(async () => {
  flow = await SecuredFlow.start();
}, 180_000);
afterAll(() => flow?.[Symbol.asyncDispose](), 60_000);

let produced = 0;

/** 40 more records on the source. */
async function produce(): Promise<void> {
  await flow.produce(Array.from({ length: 40 }, (_, i) => `order ${produced + i}`));
  produced += 40;
}

/** Everything that was produced is on the target, once and in order. */
async function expectAllThere(): Promise<void> {
  await expect.poll(() => flow.counts, { timeout: GOES_ON_WITHIN_MS }).toEqual({ there: produced, here: produced });
  expect(flow.compare()).toEqual({ lost: 0, duplicated: 0, reordered: 0 });
}

async function lastResult(): Promise<string> {
  return (await flow.mapping()).LastProcessingResult ?? '';
}

it('records cross between clusters that want SCRAM over TLS, through what cdk deploy made', async () => {
  await produce();

  await expectAllThere();
  const { arn } = flow.source.secret;
  const errors = (await flow.log.since('reconcile', 0)).filter((line) => line.includes('"level":"ERROR"'));
  expect(errors).toEqual([]);
  expect((await flow.mapping()).SourceAccessConfigurations).toEqual([
    { Type: 'SASL_SCRAM_512_AUTH', URI: arn },
    { Type: 'SERVER_ROOT_CA_CERTIFICATE', URI: arn },
  ]);
});

it('a group’s offsets cross as well, with the rights that docs/deploy.md asks for', async () => {
  await flow.commit('billing', [3, 17]);

  await expect
    .poll(() => flow.committedOnTarget('billing'), { timeout: GOES_ON_WITHIN_MS, interval: 500 })
    .toEqual([3, 17]);
  const began = Date.now() - GOES_ON_WITHIN_MS;
  const errors = (await flow.targetLog.since('checkpoint', began)).filter((line) => line.includes('"level":"ERROR"'));
  expect(errors).toEqual([]);
});

it(
  'offset syncs are written to the source, with the rights that docs/deploy.md asks for',
  async () => {
    await produce();

    const partitions = async () => [...new Set((await flow.offsetSyncs()).map(({ partition }) => partition))].sort();
    await expect.poll(partitions, { timeout: GOES_ON_WITHIN_MS, interval: 500 }).toEqual([0, 1]);
    await expectAllThere();
    const untrue = (await flow.offsetSyncs()).filter((sync) => !flow.isTrue(sync));
    expect(untrue).toEqual([]);
    expect((await flow.log.since('replicate', 0)).filter((line) => line.includes('OffsetSyncsLost'))).toEqual([]);
  },
  WITHIN_MS,
);

it('no secret is in a template', () => {
  for (const { secured } of [flow.source, flow.target]) {
    for (const { password } of secured.users) expect(flow.templates).not.toContain(password);
    expect(flow.templates).not.toContain(secured.certificateAuthority.split('\n')[1]);
  }
});

describe('a password of the target', () => {
  it(
    'that is rotated, secret and brokers, stops nothing and is no error',
    async () => {
      const began = Date.now();
      await flow.target.secret.change({ password: 'rotated' });
      await flow.changeOnBrokers(flow.target, 'rotated');
      // Until every session that the old password began has ended.
      while (Date.now() < began + 2 * SESSION_MS) await produce();

      await expectAllThere();
      const errors = (await flow.log.since('replicate', began)).filter((line) => line.includes('"level":"ERROR"'));
      expect(errors).toEqual([]);
    },
    WITHIN_MS,
  );

  it(
    'that is wrong is an alarmable error, nothing is lost, and it goes on once the secret is right',
    async () => {
      const began = Date.now();
      await flow.changeOnBrokers(flow.target, 'only on the brokers');
      const lines = async () => {
        await produce();
        return flow.log.since('replicate', began);
      };

      // Who is logged in stays so for the rest of the session.
      await expect
        .poll(lines, { timeout: GOES_ON_WITHIN_MS, interval: 1_000 })
        .toContainEqual(expect.stringMatching(/"level":"ERROR".*KAFKA_AUTHENTICATION_REFUSED/));
      expect(await lines()).toContainEqual(expect.stringContaining('PartitionsNeedingHelp'));
      await expect.poll(lastResult, { timeout: GOES_ON_WITHIN_MS }).toContain('PROBLEM');
      expect(flow.counts.here).toBeLessThan(produced);

      await flow.target.secret.change({ password: 'only on the brokers' });
      await expectAllThere();
    },
    WITHIN_MS,
  );
});

describe('a password of the source', () => {
  it(
    'that is wrong is said by the mapping, nothing is lost, and it goes on once the secret is right',
    async () => {
      await flow.changeOnBrokers(flow.source, 'only on the brokers');
      await expect.poll(lastResult, { timeout: GOES_ON_WITHIN_MS }).toContain('PROBLEM: SASL authentication failed');
      await produce();
      expect(flow.counts.here).toBeLessThan(produced);

      await flow.source.secret.change({ password: 'only on the brokers' });
      await expectAllThere();
    },
    WITHIN_MS,
  );
});
