import type { KafkaCluster } from '../adapters/kafka/cluster.ts';
import { connectCluster } from '../adapters/kafka/connect.ts';
import { lazily } from '../adapters/lazily.ts';
import { lookUpHere } from '../adapters/look-up.ts';
import type { Flow } from '../config/flow-schema.ts';

type Connect = () => Promise<KafkaCluster>;

/** A flow's clusters as they are reached from where the command is called, each connected when it is first asked. */
export class FlowClusters implements AsyncDisposable {
  readonly admin: { readonly source: Connect; readonly target: Connect };
  readonly data: { readonly source: Connect; readonly target: Connect };
  readonly #open: KafkaCluster[] = [];

  constructor({ source, target }: Flow, clientId: string) {
    const connect = (end: Flow['source'], client: 'admin' | 'data') =>
      lazily(async () => {
        const cluster = await connectCluster(end, end[client], lookUpHere(process.env), clientId);
        this.#open.push(cluster);
        return cluster;
      });
    this.admin = { source: connect(source, 'admin'), target: connect(target, 'admin') };
    this.data = { source: connect(source, 'data'), target: connect(target, 'data') };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#open.map((cluster) => cluster.close()));
  }
}
