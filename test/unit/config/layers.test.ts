import { describe, expect, test } from 'vitest';
import { clientSettings, connectorSettings, workerSettings } from '../../../shared/config/layers.ts';
import { parseConfiguration } from '../../../shared/config/parse-configuration.ts';
import { parseProperties } from '../../../shared/config/properties.ts';
import type { Setting, Settings } from '../../../shared/config/setting.ts';
import { flowName, flowOf } from '../../../shared/flow/flow.ts';
import { EXAMPLES, example, mirrorMakerSays } from './examples/example.ts';

function fileOf(text: string): Map<string, Setting> {
  return new Map(parseProperties(text).properties.map((property) => [property.key, property]));
}

/** What MirrorMaker 2 adds by itself when nobody set it, and what only Causeway knows. */
const ADDED = [
  ...['name', 'connector.class', 'source.cluster.alias', 'target.cluster.alias'],
  ...['client.id', 'group.id', 'config.storage.topic', 'offset.storage.topic', 'status.storage.topic'],
  ...['key.converter', 'value.converter', 'header.converter'],
];

function plain(settings: Iterable<readonly [string, string]>, written: ReadonlySet<string>): Record<string, string> {
  return Object.fromEntries(
    [...settings]
      .filter(([name]) => !name.includes('causeway.') && (written.has(name) || !ADDED.includes(name)))
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function values(settings: Settings): [string, string][] {
  return [...settings].map(([name, { value }]) => [name, value]);
}

describe.each(EXAMPLES)('%s.properties', (name) => {
  const file = fileOf(example(name));
  const says = mirrorMakerSays(name);
  const { flows } = parseConfiguration(example(name), { file: name }).configuration;
  const ids = flows.map(flowOf);

  test('has the pairs that MirrorMaker 2 would run', () => {
    expect(ids.map(flowName).toSorted()).toEqual([...new Set(says.map(([pair]) => pair))].toSorted());
  });

  test.each(ids)('$source->$target: connectors and worker see what they see in MirrorMaker 2', (id) => {
    const connector = connectorSettings(file, id);
    const worker = workerSettings(file, id.target);
    const theirs = (reader: string) =>
      says
        .filter(([pair, of]) => pair === flowName(id) && of === reader)
        .map(([, , property, value]) => [property, value] as const);

    expect(plain([['enabled', 'false'], ...values(connector)], new Set(connector.keys()))).toEqual(
      plain(theirs('connector'), new Set(connector.keys())),
    );
    expect(plain(values(worker), new Set(worker.keys()))).toEqual(plain(theirs('worker'), new Set(worker.keys())));
  });
});

describe('the clients of a flow', () => {
  const flow = { source: 'A', target: 'B' };

  function of(client: 'sourceConsumer' | 'targetProducer' | 'sourceAdmin' | 'targetAdmin', ...lines: string[]) {
    const found = clientSettings(fileOf(lines.join('\n')), flow)[client];
    return Object.fromEntries(values(found));
  }

  test('A.consumer wins over A, and A over top level, for ways to connect', () => {
    const lines = ['ssl.protocol=top', 'A.ssl.protocol=a', 'A.consumer.ssl.protocol=consumer'];

    expect(of('sourceConsumer', ...lines)['ssl.protocol']).toBe('consumer');
    expect(of('sourceAdmin', ...lines)['ssl.protocol']).toBe('a');
    expect(of('targetAdmin', ...lines)['ssl.protocol']).toBe('top');
  });

  test('A.consumer wins over A->B.consumer; A->B.source.consumer wins over both', () => {
    const lines = ['A.consumer.auto.offset.reset=latest', 'A->B.consumer.auto.offset.reset=earliest'];

    expect(of('sourceConsumer', ...lines)['auto.offset.reset']).toBe('latest');
    expect(of('sourceConsumer', ...lines, 'A->B.source.consumer.auto.offset.reset=none')['auto.offset.reset']).toBe(
      'none',
    );
  });

  test('A->B.producer.override wins over B.producer; A->B.producer and top level do nothing', () => {
    const idle = ['A->B.producer.compression.type=gzip', 'producer.compression.type=gzip', 'compression.type=gzip'];

    expect(of('targetProducer', ...idle)).toEqual({});
    expect(of('targetProducer', ...idle, 'B.producer.compression.type=zstd')['compression.type']).toBe('zstd');
    expect(
      of('targetProducer', 'B.producer.compression.type=zstd', 'A->B.producer.override.compression.type=lz4'),
    ).toEqual({ 'compression.type': 'lz4' });
  });
});
