import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as errors from '../../../../shared/client/failover/errors.ts';
import { FailoverEmitter } from '../../../../shared/client/failover/events.ts';
import { DEFAULTS } from '../../../../shared/client/failover/options.ts';

const page = readFileSync(new URL('../../../../docs/client.md', import.meta.url), 'utf8');
const between = (from: string, to: string) => page.slice(page.indexOf(from), page.indexOf(to));

describe('docs/client.md', () => {
  test.each(Object.entries(DEFAULTS))('has the option %s with its default', (name, value) => {
    expect(between('<!-- options -->', '<!-- end of options -->')).toContain(
      `| \`${name}\` | ${value.toLocaleString('en-US')} |`,
    );
  });

  test.each([
    'fenced',
    'moved',
    'resumed',
    'held',
    'registry-unreadable',
    'consumer-joined',
    'consumer-left',
    'consumer-failed',
    'topics-missing',
  ] as const)('has the event %s', (event) => {
    const emitter = new FailoverEmitter(() => {});
    expect(emitter.on(event, () => {})).toBeTypeOf('function');
    expect(between('<!-- events -->', '<!-- end of events -->')).toContain(`\`${event}\``);
  });

  test('has each error, and says truly whether it is retriable', () => {
    const nobody = { unknown: [], unsent: [], delivered: [] };
    const each = [
      new errors.RegistryUnreadableError('us-east->us-west', 1, undefined),
      new errors.RegistryNotPublishedError('/causeway', 'us-west-2', undefined),
      new errors.UnknownActiveClusterError('eu', ['us-east']),
      new errors.ProducerFencedError('why'),
      new errors.ProducerBacklogError('us-east', 'why'),
      new errors.TopicNotFoundError('us-east', 'orders', undefined),
      new errors.ProducerClosedError(),
      new errors.DeliveryUnknownError('us-east', nobody, undefined),
      new errors.ConsumerMovedError('billing', 'why'),
      new errors.SubscriptionToCopyError('us-east.orders', 'orders'),
    ];

    expect(Object.keys(errors)).toHaveLength(each.length);
    for (const { code, retriable } of each) {
      const answer = code === 'DELIVERY_UNKNOWN' ? 'by the application' : retriable ? 'yes' : 'no';
      expect(page).toMatch(new RegExp(`\\| \`${code}\` \\|[^|]*\\| ${answer} \\|`));
    }
  });
});
