import type { Consumer, Kafka } from 'kafkajs';
import { until } from '../region/until.ts';
import type { Copies } from './copies.ts';
import type { Translation } from './proof.ts';
import { compareOrder } from './proof.ts';
import { identityOf, type ReadRecord } from './reader.ts';

export interface GroupProof {
  readonly group: string;
  readonly readOnSource: number;
  readonly readOnTarget: number;
  /** Records that the group never got. */
  readonly skipped: number;
  readonly readTwice: number;
}

/** Where the groups are to be found, and by what names. */
export interface GroupSides {
  readonly source: Kafka;
  readonly target: Kafka;
  readonly remote: (topic: string) => string;
}

const STEP_MS = 60_000;

/** A consumer group of a user's: it reads on the source, stops, and goes on in the target, where nobody tells it from where. */
export class ApplicationGroup {
  readonly id: string;
  readonly topics: readonly string[];
  readonly #sides: GroupSides;
  /** By `topic-partition` on the source, in the order of reading on both sides. */
  readonly #read = new Map<string, ReadRecord[]>();
  /** By `topic-partition` on the source: the first offset not consumed there. */
  readonly #next = new Map<string, number>();
  #consumer: Consumer | undefined;
  #readOnSource = 0;
  #readOnTarget = 0;

  constructor(id: string, topics: readonly string[], sides: GroupSides) {
    this.id = id;
    this.topics = topics;
    this.#sides = sides;
  }

  get readOnSource(): number {
    return this.#readOnSource;
  }

  /** Reads on the source as records come, `limit` of them at most. */
  async read(limit = Number.POSITIVE_INFINITY): Promise<void> {
    this.#consumer = await this.#join(this.#sides.source, this.topics, (topic, partition, record) => {
      if (this.#readOnSource === limit) return;
      this.#readOnSource++;
      this.#note(`${topic}-${partition}`, record);
      this.#next.set(`${topic}-${partition}`, record.offset + 1);
    });
  }

  /** Commits what was read, and ends. */
  async leave(): Promise<void> {
    const offsets = [...this.#next].map(([place, offset]) => ({ ...parsePlace(place), offset: String(offset) }));
    await this.#consumer?.commitOffsets(offsets);
    await this.#consumer?.disconnect();
    this.#consumer = undefined;
  }

  /** Awaits that the group stands in the target where its own offsets translate to. @throws Error when it does not in time */
  async isCarriedOver(translate: (topic: string, partition: number) => Promise<Translation>): Promise<void> {
    const expected = new Map<string, number>();
    for (const [place, offset] of this.#next) {
      const { topic, partition } = parsePlace(place);
      expected.set(place, (await translate(topic, partition)).forward(offset));
    }
    const admin = this.#sides.target.admin();
    await admin.connect();
    try {
      const there = async () => {
        const topics = this.topics.map(this.#sides.remote);
        const told = await admin.fetchOffsets({ groupId: this.id, topics });
        const found = new Map(
          told.flatMap(({ partitions }, i) =>
            partitions.map(({ partition, offset }): [string, number] => [
              `${this.topics[i]}-${partition}`,
              Number(offset),
            ]),
          ),
        );
        return [...expected].every(([place, offset]) => found.get(place) === offset);
      };
      await until(there, STEP_MS, () => new Error(`group ${this.id} was not carried over within ${STEP_MS / 1_000} s`));
    } finally {
      await admin.disconnect();
    }
  }

  /** Goes on in the target, up to the last record that `copies` has, and commits there. @throws Error when it does not get there in time */
  async resume(copies: Copies): Promise<void> {
    const { target, remote } = this.#sides;
    const names = new Map(this.topics.map((topic) => [remote(topic), topic]));
    const last = new Map<string, number>();
    const next = new Map<string, { topic: string; partition: number; offset: string }>();
    const consumer = await this.#join(target, [...names.keys()], (name, partition, record) => {
      const place = `${names.get(name)}-${partition}`;
      this.#readOnTarget++;
      this.#note(place, record);
      last.set(place, record.offset);
      next.set(place, { topic: name, partition, offset: String(record.offset + 1) });
    });
    const atEnd = async () =>
      this.#placesOf(copies).every(({ place, records }) => {
        const end = records.at(-1);
        const newest = this.#read.get(place)?.at(-1);
        return end === undefined || last.get(place) === end.offset || newest?.identity === end.identity;
      });
    await until(
      atEnd,
      STEP_MS,
      () => new Error(`group ${this.id} did not come to the end within ${STEP_MS / 1_000} s`),
    );
    await consumer.commitOffsets([...next.values()]);
    await consumer.disconnect();
  }

  /** Against all that there is on the source. */
  prove(originals: Copies): GroupProof {
    const compared = this.#placesOf(originals).map(({ place, records }) =>
      compareOrder(records, this.#read.get(place) ?? []),
    );
    return {
      group: this.id,
      readOnSource: this.#readOnSource,
      readOnTarget: this.#readOnTarget,
      skipped: compared.reduce((sum, { lost }) => sum + lost, 0),
      readTwice: compared.reduce((sum, { duplicated }) => sum + duplicated, 0),
    };
  }

  async #join(
    kafka: Kafka,
    topics: readonly string[],
    take: (topic: string, partition: number, record: ReadRecord) => void,
  ): Promise<Consumer> {
    const consumer = kafka.consumer({ groupId: this.id, maxWaitTimeInMs: 100, allowAutoTopicCreation: false });
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, partition, message }) =>
        take(topic, partition, { offset: Number(message.offset), identity: identityOf(message) }),
    });
    return consumer;
  }

  #note(place: string, record: ReadRecord): void {
    const records = this.#read.get(place) ?? [];
    this.#read.set(place, records);
    records.push(record);
  }

  #placesOf(copies: Copies): { readonly place: string; readonly records: readonly ReadRecord[] }[] {
    return this.topics.flatMap((topic) =>
      [...(copies.readers.get(topic)?.records ?? [])].map(([partition, records]) => ({
        place: `${topic}-${partition}`,
        records,
      })),
    );
  }
}

function parsePlace(place: string): { readonly topic: string; readonly partition: number } {
  const dash = place.lastIndexOf('-');
  return { topic: place.slice(0, dash), partition: Number(place.slice(dash + 1)) };
}
