import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { expect, test } from 'vitest';
import { publishFailure, summarize } from '../../../../functions/reconcile/report.ts';
import { RemoteNameInvalidError } from '../../../../shared/reconcile/errors.ts';
import { look } from '../../../../shared/reconcile/reconcile.ts';
import { World, wanted } from '../../reconcile/world.ts';

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
  const metrics = new Metrics({ namespace: 'Causeway' });
  const error = new RemoteNameInvalidError({ source: 'us-east', target: 'us-west' }, 'orders', 'us east');

  publishFailure('us-east->us-west', error, logger, metrics);

  expect(logged).toMatchObject([
    [
      expect.stringMatching(/^us-east->us-west: topics could not be looked at: /),
      { code: 'REMOTE_NAME_INVALID', safe: error.safe, next: error.next },
    ],
  ]);
  expect(metrics.serializeMetrics()).toMatchObject({ LooksFailed: 1 });
  metrics.clearMetrics();
});
