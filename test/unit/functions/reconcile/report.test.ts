import { Logger } from '@aws-lambda-powertools/logger';
import { expect, test } from 'vitest';
import { publish, publishFailure, publishRenewals, summarize } from '../../../../functions/reconcile/report.ts';
import { RemoteNameInvalidError, RenewalFailedError } from '../../../../shared/reconcile/errors.ts';
import { look } from '../../../../shared/reconcile/reconcile.ts';
import { World, wanted } from '../../reconcile/world.ts';
import { NotedMeter } from '../noted-meter.ts';

const FLOW = { source: 'us-east', target: 'us-west' };

test('a look is summed up by what it did and what it could not do', async () => {
  const world = new World();
  for (const topic of ['a', 'b', 'c', 'private']) world.makeSource(topic);
  world.refusedTopics.set('us-east.b', new Error('refused'));

  const summary = summarize(await look(wanted(), world.ports()));

  expect(summary).toEqual({
    covered: 3,
    waiting: 2,
    failed: 1,
    done: { 'create-remote-topic': 2, 'write-item': 2, 'create-mapping': 2 },
  });
});

test('a look that could not be made is logged with what is safe and what to do, and counted', () => {
  const logged: unknown[] = [];
  const logger = new Logger({ logLevel: 'SILENT' });
  logger.error = (...args: unknown[]) => void logged.push(args);
  const meter = new NotedMeter();
  const error = new RemoteNameInvalidError(FLOW, 'orders', 'us east');

  publishFailure('us-east->us-west', error, logger, meter);

  expect(logged).toMatchObject([
    [
      expect.stringMatching(/^us-east->us-west: topics could not be looked at: /),
      { code: 'REMOTE_NAME_INVALID', safe: error.safe, next: error.next },
    ],
  ]);
  expect(meter.sums).toMatchObject({ LooksFailed: 1 });
});

test('what was put in step is logged topic by topic and counted, what could not be with its key', async () => {
  const world = new World();
  world.makeSource('orders');
  world.acls.give('here', 'ALLOW READ User:app orders', 'DENY READ User:x log-*');
  world.acls.give('there', 'ALLOW READ User:b us-east.payments');
  await look(wanted(), world.ports());
  world.configs.set('orders', { 'retention.ms': '1000', 'new.setting': '1' });
  world.flow = { state: 'deployed', deployment: 'second' };
  world.acls.give('here', 'ALLOW DESCRIBE User:app orders');
  world.acls.take('here', 'ALLOW READ User:app orders');
  const lines: string[] = [];
  const more: unknown[] = [];
  const logger = new Logger({ logLevel: 'SILENT' });
  logger.info = (line) => void lines.push(String(line));
  logger.warn = (line) => void lines.push(String(line));
  logger.error = (...args: unknown[]) => void more.push(args);
  const meter = new NotedMeter();

  publish(await look(wanted(), world.ports()), logger, meter);

  expect(lines.filter((line) => !line.includes('mapping') && !line.includes('write-item'))).toEqual([
    'orders: settings of us-east.orders changed',
    'us-east.orders: gave ALLOW DESCRIBE for User:app',
    'us-east.orders: took back ALLOW READ for User:app',
    expect.stringMatching(/^1 ACLs deny rights on topics of some form of name/),
  ]);
  expect(more).toMatchObject([[expect.anything(), { code: 'CONFIG_UNKNOWN_TO_TARGET', key: 'new.setting' }]]);
  expect(meter.sums).toMatchObject({
    ConfigsDrifted: 1,
    AclsCreated: 1,
    AclsRevoked: 1,
    SyncFailures: 1,
    RemoteTopicsOrphaned: 0,
  });
});

test('a look at a flow that is held says by whom and since when, and is counted', async () => {
  const world = new World();
  world.hold = { generation: 7, since: Date.UTC(2026, 2, 1, 12), kind: 'failover' };
  const lines: string[] = [];
  const logger = new Logger({ logLevel: 'SILENT' });
  logger.warn = (line) => void lines.push(String(line));
  const meter = new NotedMeter();

  publish(await look(wanted(), world.ports()), logger, meter);

  expect(lines).toEqual([
    'The flow is held by failover generation 7 since 2026-03-01T12:00:00.000Z: its mappings stay disabled, and no topic is taken on.',
  ]);
  expect(meter.sums).toMatchObject({ FlowHeld: 1 });
});

test('renewed producers are logged and counted, those that could not be beside them; a run without any says nothing', () => {
  const partition = { flow: FLOW, topic: 'orders', remoteTopic: 'us-east.orders', partition: 3, generation: 1 };
  const lines: string[] = [];
  const logger = new Logger({ logLevel: 'SILENT' });
  logger.info = (line) => void lines.push(String(line));
  logger.error = (line) => void lines.push(String(line));
  const meter = new NotedMeter();

  publishRenewals({ due: 4, renewed: [], errors: [] }, logger, meter);
  expect([lines, meter.sums]).toEqual([[], {}]);

  const errors = [new RenewalFailedError({ ...partition, partition: 4 }, new Error('denied'))];
  publishRenewals({ due: 4, renewed: [partition], errors }, logger, meter);

  expect(lines).toEqual([
    'us-east->us-west orders-3: producer renewed',
    'us-east->us-west orders-4: its producer could not be renewed: denied',
  ]);
  expect(meter.sums).toMatchObject({ ProducersRenewed: 1, RenewalsFailed: 1 });
});
