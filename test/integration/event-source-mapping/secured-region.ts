import type { SecuredAddress } from '../../../local/region/addresses.ts';
import { mskClusters } from '../../../local/region/local-stack.ts';
import { type Regions, startRegions } from '../../../local/region/regions.ts';
import type { Region } from './region.ts';

/** A region of its own, whose cluster wants its clients to log in. */
export class SecuredRegion implements AsyncDisposable {
  readonly place: Region;
  readonly cluster: SecuredAddress;
  /** The SASL listener, under a name by which CAUSEWAY_KAFKA_CLIENT knows how to log in. */
  readonly byClientOptions: string;
  readonly #started: readonly Regions[];

  private constructor(place: Region, cluster: SecuredAddress, byClientOptions: string, started: readonly Regions[]) {
    this.place = place;
    this.cluster = cluster;
    this.byClientOptions = byClientOptions;
    this.#started = started;
  }

  /** Brokers first: LocalStack is told of them when it starts. */
  static async start(): Promise<SecuredRegion> {
    const clusters = [{ alias: 'us-east', awsRegion: 'us-east-1', secured: true }];
    const kafka = await startRegions({ clusters, aws: false });
    const { secured } = kafka.source;
    if (!secured) throw new Error('the cluster is not secured');
    const byClientOptions = secured.saslBootstrapServers.replace('127.0.0.1', 'localhost');
    const options = {
      'security.protocol': 'SASL_SSL',
      'sasl.mechanism': 'SCRAM-SHA-256',
      'sasl.username': secured.owner.username,
      'sasl.password': secured.owner.password,
      'ssl.ca.pem': secured.certificateAuthority,
    };
    const awsSettings = {
      CAUSEWAY_MSK_CLUSTERS: mskClusters([kafka.source]),
      CAUSEWAY_KAFKA_CLIENT: JSON.stringify({ [byClientOptions]: options }),
    };
    try {
      const aws = await startRegions({ clusters: [], awsSettings });
      const place = { awsEndpoint: aws.awsEndpoint, cluster: kafka.source };
      return new SecuredRegion(place, secured, byClientOptions, [aws, kafka]);
    } catch (error) {
      await kafka.stop();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const regions of this.#started) await regions.stop();
  }
}
