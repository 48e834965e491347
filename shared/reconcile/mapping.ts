/** Where a mapping reads from. Create-only: another origin needs another mapping. */
export type MappingOrigin =
  | { readonly kind: 'msk'; readonly clusterArn: string }
  | { readonly kind: 'self-managed'; readonly bootstrapServers: readonly string[] };

/** What of Lambda's `SourceAccessConfigurations` Causeway uses. */
export const SourceAccessType = {
  Scram512: 'SASL_SCRAM_512_AUTH',
  Scram256: 'SASL_SCRAM_256_AUTH',
  Plain: 'BASIC_AUTH',
  ClientCertificate: 'CLIENT_CERTIFICATE_TLS_AUTH',
  ServerCertificate: 'SERVER_ROOT_CA_CERTIFICATE',
  Subnet: 'VPC_SUBNET',
  SecurityGroup: 'VPC_SECURITY_GROUP',
} as const;
export type SourceAccessType = (typeof SourceAccessType)[keyof typeof SourceAccessType];

/** How pollers log in to the source, or from where; `uri` as the Lambda API has it (secret ARN, `subnet:<id>`, ...). */
export interface SourceAccess {
  readonly type: SourceAccessType | 'OTHER';
  readonly uri: string;
}

export interface MappingPollers {
  readonly minimum: number;
  readonly maximum: number;
  /** Whose mappings share event poller units; undefined: the mapping has its own, empty: it is to leave its group. */
  readonly group?: string | undefined;
}

/** What can be changed while a mapping exists. */
export interface MappingSettings {
  readonly enabled: boolean;
  /** Records, 1 to 10,000. */
  readonly batchSize: number;
  /** Seconds, 0 to 300. */
  readonly batchingWindowSeconds: number;
  /** Provisioned pollers; undefined leaves scaling to Lambda's on-demand mode. */
  readonly pollers: MappingPollers | undefined;
  readonly access: readonly SourceAccess[];
}

/** Where a flow begins in a topic that it sees for the first time. */
export const StartPosition = { Earliest: 'TRIM_HORIZON', Latest: 'LATEST' } as const;
export type StartPosition =
  | (typeof StartPosition)[keyof typeof StartPosition]
  /** The first record with this timestamp or a later one, ms since the epoch. */
  | { readonly atMs: number };

/** Any but a topic's first record. */
export type LaterStart = Exclude<StartPosition, typeof StartPosition.Earliest>;

/**
 * `settled` mappings take updates; `busy` ones (creating, updating, enabling, disabling) and `deleting` ones refuse
 * every change until they are through.
 */
export type MappingPhase = 'settled' | 'busy' | 'deleting';

/** An event source mapping of the flow's `replicate` function, as Lambda lists it. */
export interface Mapping {
  readonly uuid: string;
  readonly topic: string;
  readonly group: string;
  readonly phase: MappingPhase;
  readonly origin: MappingOrigin;
  readonly settings: MappingSettings;
  /** False when somebody changed it to drop records: finite retries, an age limit, a destination, no partial response. */
  readonly lossless: boolean;
}

export function sameOrigin(a: MappingOrigin, b: MappingOrigin): boolean {
  if (a.kind === 'msk') return b.kind === 'msk' && a.clusterArn === b.clusterArn;
  return b.kind === 'self-managed' && sameMembers(a.bootstrapServers, b.bootstrapServers);
}

export function sameSettings(a: MappingSettings, b: MappingSettings): boolean {
  return (
    a.enabled === b.enabled &&
    a.batchSize === b.batchSize &&
    a.batchingWindowSeconds === b.batchingWindowSeconds &&
    a.pollers?.minimum === b.pollers?.minimum &&
    a.pollers?.maximum === b.pollers?.maximum &&
    a.pollers?.group === b.pollers?.group &&
    sameMembers(a.access.map(accessKey), b.access.map(accessKey))
  );
}

function accessKey(access: SourceAccess): string {
  return `${access.type} ${access.uri}`;
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.toSorted().join('\n') === b.toSorted().join('\n');
}
