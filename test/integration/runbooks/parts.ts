import { inject } from 'vitest';
import { awsEnvironment, type ClusterAddress } from '../../../local/region/addresses.ts';
import { KafkaCluster } from '../../../shared/adapters/kafka/cluster.ts';
import { createTable } from '../dynamodb/table.ts';
import { type DynamoDbLocal, startDynamoDbLocal } from './dynamodb-local.ts';
import { RegionalServices } from './regional-services.ts';

/** A cluster, as the tests reach it themselves. */
export interface Region {
  readonly region: string;
  readonly servers: string;
  readonly cluster: KafkaCluster;
  /** Table of the offset map of the flow that ends here. */
  readonly offsetMap: string;
}

/** What the pairs of clusters of one file share. Each pair has aliases of its own, and with them everything else. */
export interface Parts extends AsyncDisposable {
  readonly east: Region;
  readonly west: Region;
  readonly registryTable: string;
  readonly dynamoDb: DynamoDbLocal;
  readonly services: RegionalServices;
}

/** Sets this process's environment as the functions need it. */
export async function openParts(): Promise<Parts> {
  const [east, west] = inject('regions').clusters;
  if (east === undefined || west === undefined) throw new Error('needs two clusters');
  const [dynamoDb, services] = await Promise.all([startDynamoDbLocal(), RegionalServices.open()]);
  Object.assign(process.env, awsEnvironment(services.url, west.awsRegion), { AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url });
  const regionOf = async ({ alias, awsRegion: region, bootstrapServers: servers }: ClusterAddress): Promise<Region> => {
    const cluster = new KafkaCluster({ alias, bootstrapServers: servers.split(',') });
    return { region, servers, cluster, offsetMap: await createTable(dynamoDb.client) };
  };
  const [here, there] = await Promise.all([regionOf(east), regionOf(west)]);
  return {
    east: here,
    west: there,
    registryTable: await createTable(dynamoDb.client),
    dynamoDb,
    services,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([here.cluster.close(), there.cluster.close()]);
      await services[Symbol.asyncDispose]();
      await dynamoDb[Symbol.asyncDispose]();
    },
  };
}
