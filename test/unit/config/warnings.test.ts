import { describe, expect, test } from 'vitest';
import { parseConfiguration } from '../../../shared/config/parse-configuration.ts';
import { faultsOf, flow, warnings } from './two-clusters.ts';

describe('what MirrorMaker 2 passes over in silence', () => {
  test.each([
    ['use.defaults.from = source', 'at top level; write <source>-><target>.use.defaults.from'],
    ['transforms.mask.type = x.y.Mask', 'at top level: only <source>-><target>.transforms.mask.type'],
    ['consumer.max.poll.records = 1', 'write <cluster>.consumer.max.poll.records or <source>-><target>'],
    ['producer.override.acks = all', 'write <cluster>.producer.override.acks or'],
    ['compression.type = zstd', 'write <cluster>.producer.compression.type'],
    ['us-west.compression.type = zstd', 'write us-west.consumer.compression.type, us-west.producer.compression.type'],
    ['us-east->us-west.producer.compression.type = zstd', 'us-east->us-west.producer.override.compression.type'],
    ['us-east->us-west.offset.flush.interval.ms = 1', 'MirrorMaker 2 reads us-west.offset.flush.interval.ms'],
    ['offset.flush.interval.ms = 1', 'MirrorMaker 2 reads <target>.offset.flush.interval.ms'],
    ['us-east.topics = a', 'it belongs to a flow: us-east->...topics'],
    ['eu.bootstrap.servers = x:1', 'eu is not one of clusters'],
    ['eu->us-west.enabled = true', 'eu is not one of clusters'],
    ['us-east->us-east.enabled = true', 'two different clusters'],
    ['acme.owner = team-x', 'known neither to MirrorMaker 2 nor to Causeway'],
    ['tasks.max = 4', 'not used: Lambda scales'],
    ['admin.timeout.ms = 5', 'not used yet'],
    ['us-east->us-west.topics =', 'an empty list takes nothing at all'],
    ['emit.checkpoints.enabled = false\nsync.group.offsets.enabled = true', 'commits no group offsets either'],
    ['causeway.pollers.mode = on-demand\ncauseway.pollers.group = a', 'on-demand pollers are in no group'],
    ['offset-syncs.topic.replication.factor = 1', 'not used: emit.offset-syncs.enabled is false unless it is set'],
    ['us-east->us-west.offset.lag.max = 10', 'not used: emit.offset-syncs.enabled is false unless it is set'],
  ])('%s is warned about', (line, message) => {
    expect(warnings(line)).toContainEqual(expect.stringContaining(message));
  });

  test('a pair that is there for its heartbeats alone needs a region to write them in, unless it wants none', () => {
    const named = /us-west->us-east is there for its heartbeats alone, and none are written: us-east.causeway.region/;

    expect(warnings()).toEqual([expect.stringMatching(named)]);
    expect(warnings('us-west->us-east.enabled = false')).toEqual([expect.stringMatching(named)]);
    expect(warnings('us-west->us-east.emit.heartbeats.enabled = false').join()).not.toMatch(named);
    expect(warnings('us-east.causeway.region = us-east-1')).toEqual([]);
    expect(warnings('us-west->us-east.enabled = true')).toEqual([]);
  });

  test.each(['true', 'false'])(
    'how offset syncs are written is taken where it says whether they are: %s',
    (enabled) => {
      const lines = [`emit.offset-syncs.enabled = ${enabled}`, 'offset-syncs.topic.location = target'];

      expect(warnings(...lines).join()).not.toContain('offset-syncs');
      expect(flow(...lines).offsetSyncs).toMatchObject({ enabled: enabled === 'true', location: 'target' });
    },
  );

  describe('heartbeats that come more seldom than alarms wait for them', () => {
    const alone = 'us-east->us-west.emit.heartbeats.enabled = false';
    const seldom = (seconds: number, ...lines: string[]) =>
      warnings('us-east.causeway.region = us-east-1', `emit.heartbeats.interval.seconds = ${seconds}`, ...lines);

    test('are warned about, by the interval of the pair that writes them on the source', () => {
      expect(seldom(180)).toEqual([
        '6 emit.heartbeats.interval.seconds: us-west->us-east writes a heartbeat each 180 s, and without one for 3 minutes ' +
          'an alarm calls us-east lost (causeway.alarm.heartbeats.missing.minutes of us-east->us-west): ' +
          'write them more often, or let it wait for longer',
      ]);
      expect(
        seldom(60, 'causeway.failover.alarm.minutes = 2', 'us-west->us-east.emit.heartbeats.interval.seconds = 120'),
      ).toEqual([
        expect.stringMatching(/^8 us-west->us-east\.emit\.heartbeats.* a failover is started \(causeway\.failover/),
      ]);
    });

    test('are not where something comes in time, nothing waits, or none are written', () => {
      expect(seldom(179)).toEqual([]);
      expect(seldom(180, 'causeway.alarm.heartbeats.missing.minutes = 4')).toEqual([]);
      expect(seldom(600, 'us-west->us-east.emit.heartbeats.interval.seconds = 1')).toEqual([]);
      expect(seldom(600, 'causeway.alarms.enabled = false')).toEqual([]);
      expect(seldom(600, 'us-west->us-east.emit.heartbeats.enabled = false').join()).not.toContain('each 600 s');
      expect(seldom(600, alone)).toEqual([]);
    });
  });

  describe('heartbeats that do not come', () => {
    const inRegion = (...lines: string[]) => warnings('us-east.causeway.region = us-east-1', ...lines);
    const notCopied = ['us-east->us-west.topics = orders', 'heartbeats.replication.enabled = false'];
    const notWritten = 'us-west->us-east.emit.heartbeats.enabled = false';

    test('are warned about, by the line that keeps them away', () => {
      expect(inRegion(...notCopied)).toEqual([
        '7 heartbeats.replication.enabled: us-east->us-west copies no heartbeats, as topics leaves them out too: no alarm of ' +
          'us-east->us-west tells that us-east is lost, and a failover has no second proof of it',
      ]);
      expect(inRegion(notWritten)).toEqual([
        expect.stringMatching(
          /^6 us-west->us-east\.emit\.heartbeats\.enabled: nothing here writes heartbeats to us-east/,
        ),
      ]);
    });

    test('are not where the lists copy them, a third cluster writes them, or nothing waits', () => {
      expect(inRegion('heartbeats.replication.enabled = false')).toEqual([]);
      expect(
        inRegion('clusters = us-east, us-west, eu', 'eu.bootstrap.servers = eu1:9092', notWritten).join(),
      ).not.toContain('us-west tells that us-east is lost');
      expect(inRegion(notWritten, 'causeway.alarms.enabled = false', 'causeway.runbooks.enabled = false')).toEqual([]);
      expect(inRegion('emit.heartbeats.enabled = false')).toEqual([]);
    });

    test('say nothing of a list that cannot be read, which is a fault of its own', () => {
      expect(faultsOf('us-east->us-west.topics = [', 'heartbeats.replication.enabled = false')).toMatchObject([
        { line: 5, key: 'us-east->us-west.topics' },
      ]);
    });
  });

  test("what would tune MirrorMaker 2's producer of offset syncs tunes nothing", () => {
    expect(warnings('us-east->us-west.producer.linger.ms = 5')).toContainEqual(
      expect.stringMatching(/producer\.linger\.ms: not used: .*us-east->us-west\.producer\.override\.linger\.ms/),
    );
  });

  test('a key that stands twice is warned about, and the last one counts', () => {
    expect(warnings('replication.factor = 1', 'replication.factor = 3')).toContainEqual(
      '5 replication.factor: not used: the same key stands in line 6 again, and the last one counts',
    );
    expect(flow('replication.factor = 1', 'replication.factor = 3').replicationFactor).toBe(3);
  });
});

test('clusters may be named source and target', () => {
  const { configuration, warnings: said } = parseConfiguration(
    [
      'clusters = source, target',
      'source.bootstrap.servers = s:9092',
      'target.bootstrap.servers = t:9092',
      'source->target.enabled = true',
      'target->source.enabled = true',
      'source.consumer.auto.offset.reset = latest',
      'target.producer.compression.type = zstd',
    ].join('\n'),
    { file: 'mm2.properties' },
  );

  expect(said).toEqual([]);
  expect(configuration.flows[0]).toMatchObject({ startPosition: { at: 'latest' }, compression: 'zstd' });
});
