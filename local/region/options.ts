export interface ClusterOptions {
  /** The cluster's name in `mm2.properties`. */
  readonly alias: string;
  readonly awsRegion: string;
  /** Default 1. Two or more allow leaders to move; their controller is then a process apart. */
  readonly brokers?: number;
  /**
   * Default false. True: listeners with SASL_SSL and with TLS client certificates beside the plain one, users, ACLs, and
   * an authority of the cluster's own; all of it in `ClusterAddress.secured`.
   */
  readonly secured?: boolean;
  /** Broker settings on top of the defaults, as `producer.id.expiration.check.interval.ms`. */
  readonly serverProperties?: Readonly<Record<string, string>>;
  /** Default: what makes a broker start fast. For a measurement pass `[]`: a broker at full speed once it is warm. */
  readonly javaOptions?: readonly string[];
}

export interface RegionsOptions {
  /** Default: `us-east` in us-east-1 and `us-west` in us-west-2. An empty list starts no Kafka at all. */
  readonly clusters?: readonly ClusterOptions[];
  /** Default true: one LocalStack, which holds all AWS regions. */
  readonly aws?: boolean;
  /** Environment variables of LocalStack, for its settings and the plugin's. */
  readonly awsSettings?: Readonly<Record<string, string>>;
}

/** The pair of regions that the demonstration and the integration tests use. */
export const defaultClusters = [
  { alias: 'us-east', awsRegion: 'us-east-1' },
  { alias: 'us-west', awsRegion: 'us-west-2' },
] as const satisfies readonly ClusterOptions[];
