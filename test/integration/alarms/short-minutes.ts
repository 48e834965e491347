import { setTimeout as delay } from 'node:timers/promises';
import { loseControlPlane, returnControlPlane } from '../../../local/region/outage.ts';
import { type Regions, startRegions } from '../../../local/region/regions.ts';
import { BrokerProxy } from '../runbooks/broker-proxy.ts';

/** How long a minute of rules and alarms lasts. The longest alarm looks back a quarter of an hour. */
export const MINUTE_S = 2;
/** Of the target's two brokers: the flow writes to the one, and the other is lost when it is to be. */
export const [STEADY, FRAIL] = [1, 2] as const;
const TARGET = 'us-west';
const PRODUCE = 0;
/** Until a broker is missed that says nothing. */
const MISSED_SOON = { 'broker.session.timeout.ms': '3000', 'broker.heartbeat.interval.ms': '500' };

/** Two regions of their own with short minutes, of which much can be taken away. */
export class ShortMinutes implements AsyncDisposable {
  readonly regions: Regions;
  readonly #proxy: BrokerProxy;
  readonly #writes: { takeMs: number };

  private constructor(regions: Regions, proxy: BrokerProxy, writes: { takeMs: number }) {
    this.regions = regions;
    this.#proxy = proxy;
    this.#writes = writes;
  }

  static async start(): Promise<ShortMinutes> {
    const regions = await startRegions({
      clusters: [
        { alias: 'us-east', awsRegion: 'us-east-1' },
        { alias: TARGET, awsRegion: 'us-west-2', brokers: 2, serverProperties: MISSED_SOON },
      ],
      awsSettings: { CAUSEWAY_SCHEDULE_MINUTE_S: String(MINUTE_S) },
    });
    const writes = { takeMs: 0 };
    const admits = async (apiKey: number) => {
      if (apiKey === PRODUCE && writes.takeMs > 0) await delay(writes.takeMs);
      return 'through' as const;
    };
    const [steady = ''] = regions.target.bootstrapServers.split(',');
    const proxy = await BrokerProxy.before(steady, admits, () => true);
    return new ShortMinutes(regions, proxy, writes);
  }

  /** The target's steady broker by the way on which writes may take their time. */
  get slowWay(): string {
    return this.#proxy.address;
  }

  /** How long the target takes for each batch that comes by the slow way. */
  set writesTakeMs(takeMs: number) {
    this.#writes.takeMs = takeMs;
  }

  killBroker(): Promise<void> {
    return this.regions.killBroker(TARGET, FRAIL);
  }

  startBroker(): Promise<void> {
    return this.regions.startBroker(TARGET, FRAIL);
  }

  /** The AWS APIs of the target's region refuse every request. @returns what has them answer again */
  async loseTargetsApis(): Promise<() => Promise<void>> {
    const { awsEndpoint, target } = this.regions;
    await loseControlPlane(awsEndpoint, target);
    return () => returnControlPlane(awsEndpoint, target);
  }

  /** With its logs, where something failed. */
  async stop(failed: boolean): Promise<void> {
    await this.#proxy[Symbol.asyncDispose]();
    await this.regions.stop({ failed });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop(false);
  }
}
