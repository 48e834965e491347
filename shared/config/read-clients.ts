import type { FlowId } from '../flow/flow.ts';
import type { Cluster } from './configuration.ts';
import type { ClientConnection } from './flow-schema.ts';
import { CLIENT_PROPERTIES, CONNECTION_PROPERTIES } from './known/client-properties.ts';
import { clientSettings } from './layers.ts';
import type { FileContext } from './read-flow.ts';
import { readSecurity } from './security/read-security.ts';
import type { Settings } from './setting.ts';
import { SettingReader } from './setting-reader.ts';

const CONNECTIONS = new Set(CONNECTION_PROPERTIES);

export interface FlowClients {
  readonly sourceConsumer: ClientConnection;
  readonly sourceAdmin: ClientConnection;
  readonly targetProducer: ClientConnection;
  readonly targetAdmin: ClientConnection;
  /** The producer's, where the file says any. */
  readonly compression: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd' | undefined;
  /** The source consumer's, where the file says any. */
  readonly autoOffsetReset: 'earliest' | 'latest' | undefined;
}

/** The clients of a flow, each with its own settings in MirrorMaker 2's order. */
export function readClients(id: FlowId, source: Cluster, target: Cluster, context: FileContext): FlowClients {
  const settings = clientSettings(context.file, id);
  const { sourceConsumer, targetProducer } = settings;
  const reader = (of: Settings) => new SettingReader(of, CLIENT_PROPERTIES, context.report);
  const written = (of: Settings, name: string) => (of.has(name) ? reader(of) : undefined);
  return {
    sourceConsumer: connection(sourceConsumer, source, context),
    sourceAdmin: connection(settings.sourceAdmin, source, context),
    targetProducer: connection(targetProducer, target, context),
    targetAdmin: connection(settings.targetAdmin, target, context),
    compression: written(targetProducer, 'compression.type')?.choice('compression.type', [
      'none',
      'gzip',
      'snappy',
      'lz4',
      'zstd',
    ]),
    autoOffsetReset: written(sourceConsumer, 'auto.offset.reset')?.choice('auto.offset.reset', ['earliest', 'latest']),
  };
}

function connection(settings: Settings, { aws }: Cluster, { secrets, report }: FileContext): ClientConnection {
  const others = [...settings].filter(([name]) => CLIENT_PROPERTIES.has(name) && !CONNECTIONS.has(name));
  return {
    bootstrapServers: [...new SettingReader(settings, CLIENT_PROPERTIES, report).list('bootstrap.servers')],
    security: readSecurity(settings, { aws, secrets, report }),
    properties: Object.fromEntries(others.map(([name, { value }]) => [name, value])),
  };
}
