import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { z } from 'zod';
import { FIRST_LOOKS } from '../../../functions/reconcile/request.ts';
import { causeway, TranslateUrl } from './ask.ts';
import { DeployedFlow } from './deployed-flow.ts';

const { Kafka, logLevel } = kafkajs;

/** Of a look, of Lambda's change of a mapping, of a batch. There is no schedule that could come round. */
const AT_ONCE = { timeout: 60_000, interval: 250 };
const DEPLOYMENT_MS = 600_000;
const STOPPED_AT = 12;
/** A look comes each 10 s. */
const MOST_TOPICS = 5;
/** As rarely as a deployment looks at all. */
const SLOW_LOOKS = { 'refresh.topics.interval.seconds': '3600' };
const VERIFIED = { 'causeway.verify.enabled': 'true' };

const plannedSchema = z.tuple([
  z.object({
    fileIsDeployed: z.boolean(),
    topics: z.array(z.object({ topic: z.string(), steps: z.array(z.object({ kind: z.string() })) })),
  }),
]);

/** One deployment, whose life the tests follow in order: each begins where the one before left it. */
describe('A deployed flow', { timeout: DEPLOYMENT_MS }, () => {
  const flow = new DeployedFlow();
  const [orders, payments, group] = [flow.topic('orders'), flow.topic('payments'), flow.topic('billing')];
  const made = [orders, payments];
  const remoteTopic = `us-east.${orders}`;
  const place = { topic: orders, partition: 0, offset: STOPPED_AT };
  const translated = {
    ...{ from: { cluster: 'us-east', ...place }, to: { topic: remoteTopic, offset: STOPPED_AT }, exact: true },
  };

  beforeAll(async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
    await flow.makeSourceTopic(orders);
    const [east] = inject('regions').clusters;
    const kafka = new Kafka({ brokers: east?.bootstrapServers.split(',') ?? [], logLevel: logLevel.NOTHING });
    const [admin, producer] = [kafka.admin(), kafka.producer()];
    await Promise.all([admin.connect(), producer.connect()]);
    const messages = Array.from({ length: 30 }, (_, i) => ({ partition: 0, value: `v${i}` }));
    await producer.send({ topic: orders, messages });
    await admin.setOffsets({ groupId: group, topic: orders, partitions: [{ partition: 0, offset: `${STOPPED_AT}` }] });
    await Promise.all([admin.disconnect(), producer.disconnect()]);
    await flow.deploy({ ...SLOW_LOOKS, ...VERIFIED });
  }, DEPLOYMENT_MS);
  afterAll(() => flow[Symbol.asyncDispose](), DEPLOYMENT_MS);

  it('looks for topics at once, and again for those that come later', async () => {
    await expect.poll(async () => (await flow.mappings()).map(({ topic }) => topic), AT_ONCE).toEqual([orders]);
    await flow.makeSourceTopic(payments);
    await expect.poll(async () => (await flow.mappings()).length, AT_ONCE).toBe(2);
  });

  it('plans a topic that comes between two looks step by step, and does nothing yet', async () => {
    const { stock, plan, explained } = await betweenLooks();

    expect(plan.exitCode).toBe(1);
    const [{ fileIsDeployed, topics }] = plannedSchema.parse(plan.printed.flows);
    expect(fileIsDeployed).toBe(true);
    // Beside it there may be one of which the mapping is in the making.
    const steps = topics.find(({ topic }) => topic === stock)?.steps.map(({ kind }) => kind);
    expect(steps).toEqual(['create-remote-topic', 'write-item', 'create-mapping']);
    expect(explained).toMatchObject({
      exitCode: 1,
      printed: { answers: [{ flows: [{ replicated: true, isSo: false }] }] },
    });
  });

  /** Topics are made one after the other until one is asked about before the next look takes it. */
  async function betweenLooks() {
    for (let number = 1; number <= MOST_TOPICS; number++) {
      const stock = flow.topic(`stock-${number}`);
      await flow.makeSourceTopic(stock);
      made.push(stock);
      const plan = await causeway(flow, 'plan');
      const explained = await causeway(flow, 'explain', stock, '--live');
      if (!(await flow.targetTopics()).includes(`us-east.${stock}`)) return { stock, plan, explained };
    }
    throw new Error('each topic was made on the target: by a look that came before, or by its plan');
  }

  it('copies, and translates by command both ways', async () => {
    await expect.poll(() => flow.endInTarget(remoteTopic), AT_ONCE).toBe(30);

    expect(await causeway(flow, 'translate', '--group', group)).toMatchObject({
      exitCode: 0,
      printed: { answers: [{ group, offsetsFrom: { kind: 'cluster' }, partitions: [translated], untranslated: [] }] },
    });
    const back = ['--topic', remoteTopic, '--partition', '0', '--offset', `${STOPPED_AT}`, '--reverse'];
    expect(await causeway(flow, 'translate', ...back)).toMatchObject({
      exitCode: 0,
      printed: { answers: [{ direction: 'backward', to: { cluster: 'us-east', ...place } }] },
    });
    expect(await causeway(flow, 'translate', '--topic', orders, '--partition', '0', '--offset', '31')).toMatchObject({
      exitCode: 1,
      printed: { answers: [{ error: { code: 'OUT_OF_RANGE', nearest: { source: 30, target: 30 } } }] },
    });
    expect(await causeway(flow, 'translate', '--group', 'nobody')).toMatchObject({
      exitCode: 1,
      printed: { answers: [{ error: { code: 'UNKNOWN_GROUP' } }] },
    });
  });

  it('translates over its URL', async () => {
    const url = await TranslateUrl.of(flow);

    expect(url.authType).toBe('AWS_IAM');
    expect(await url.ask(`group=${group}`)).toMatchObject({ status: 200, answer: { partitions: [translated] } });
    expect(await url.ask(`topic=${orders}&partition=0&offset=-1`)).toMatchObject({
      status: 400,
      answer: { error: { code: 'INVALID_REQUEST' } },
    });
  });

  it('tells its status', async () => {
    const { printed } = await causeway(flow, 'status');
    const [found] = printed.flows;

    expect(found).toMatchObject({ flow: 'us-east->us-west', records: 0 });
    expect(found.topics).toContainEqual(expect.objectContaining({ topic: orders, remoteTopic, records: 0 }));
    expect(found.groups).toContainEqual(
      expect.objectContaining({ group, records: 18, partitions: 1, translated: 1, problems: [] }),
    );
  });

  it('compares what it copied, and keeps how far it came', async () => {
    await flow.verify();

    const kept = (await flow.places.all()).get(`${orders}#0#1`);
    expect(kept?.place).toMatchObject({ at: { source: 30, target: 30 }, allOf: expect.any(Number) });
  });

  it('has a dashboard in each region, with the functions that are there', async () => {
    expect(await flow.dashboard(flow.source)).toContain(flow.name('replicate'));
    const whole = await flow.dashboard(flow.target);
    for (const name of ['monitor', 'runbook', 'replicate']) expect(whole).toContain(flow.name(name));
    expect(whole).toContain(`:alarm:${flow.name('runbook-failed')}`);
  });

  it('explains a topic that is copied with its mapping and its copy', async () => {
    await expect.poll(async () => (await causeway(flow, 'plan')).exitCode, AT_ONCE).toBe(0);
    expect(await causeway(flow, 'explain', orders, '--live')).toMatchObject({
      exitCode: 0,
      printed: {
        answers: [
          {
            flows: [
              {
                replicated: true,
                isSo: true,
                live: { seen: { source: { partitions: 1 }, target: { partitions: 1 }, mappings: [{ enabled: true }] } },
              },
            ],
          },
        ],
      },
    });
  });

  it('says that a topic is not there', async () => {
    const { exitCode, printed } = await causeway(flow, 'explain', `${flow.prefix}-nothing`, '--live');

    expect(exitCode).toBe(1);
    expect(printed.answers[0].flows[0].live.seen).not.toHaveProperty('source');
  });

  it('is updated though a cluster is out of reach, and does not wait for it', async () => {
    const before = (await flow.registry.list()).flow;

    await flow.deploy({ ...SLOW_LOOKS, 'us-west.bootstrap.servers': '127.0.0.1:1' });

    const after = (await flow.registry.list()).flow;
    expect(after.state).toBe('deployed');
    expect(after.deployment).not.toBe(before.deployment);
    expect(await flow.lastUpdateMs('Custom::CausewayMappings')).toBeLessThan(FIRST_LOOKS.forSeconds * 1_000);
  });

  it('destroyed, takes its mappings with it and nothing else, and asks no cluster for it', async () => {
    await flow.destroy(flow.source);

    expect(await flow.mappings()).toEqual([]);
    expect((await flow.targetTopics()).toSorted()).toEqual(made.map((topic) => `us-east.${topic}`));
    const { flow: noted, topics } = await flow.registry.list();
    expect(noted.state).toBe('removed');
    expect(topics.map(({ topic }) => topic)).toEqual(made);
    expect(await causeway(flow, 'explain', orders, '--live')).toMatchObject({
      exitCode: 1,
      printed: { answers: [{ flows: [{ live: { error: { code: 'FLOW_NOT_DEPLOYED' } } }] }] },
    });
  });
});
