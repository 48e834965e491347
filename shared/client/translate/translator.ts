import { CausewayError } from '../../flow/errors.ts';
import { isProgrammingError } from '../../flow/programming-error.ts';
import { isTold } from '../../groups/committed-offsets.ts';
import { flowPartition } from '../../groups/knowledge.ts';
import { type TranslationRequest, UNKNOWN_PARTITION } from '../../groups/ports.ts';
import type { TopicItem } from '../../ledger/topic-registry.ts';
import { describeTopicPartition, type TopicPartition } from '../../mm2/topic-partition.ts';
import { Direction, type GroupTranslation, type OffsetTranslation, type Untranslated } from './answer.ts';
import {
  InvalidTranslationRequest,
  OffsetMapUnreadable,
  OffsetUnknown,
  TranslationError,
  UnknownTopicPartition,
} from './errors.ts';
import { findTopic } from './find-topic.ts';
import { readGroupOffsets } from './group-offsets.ts';
import type { LogsRead, TranslatorPorts } from './ports.ts';
import { type OffsetFacts, settle } from './settle.ts';
import { type Way, wayOf } from './way.ts';

const NOT_ASKED: LogsRead = new Map();

/**
 * Translates offsets and groups of one flow by its offset map, in both directions: exact for every offset, and where
 * there is no exact answer an error that says why, never a guess.
 *
 * @example
 * const { to, exact } = await translator.translateOffset({ topic: 'orders', partition: 3 }, 152_345);
 * const back = await translator.translateOffset({ topic: 'us-east.orders', partition: 3 }, to.offset, 'backward');
 */
export class Translator {
  readonly #ports: TranslatorPorts;

  constructor(ports: TranslatorPorts) {
    this.#ports = ports;
  }

  /**
   * @param place by the topic's name on either cluster
   * @param offset on the cluster that `direction` leads from: the first record not consumed there
   * @throws TranslationError
   */
  async translateOffset(
    place: TopicPartition,
    offset: number,
    direction: Direction = Direction.Forward,
  ): Promise<OffsetTranslation> {
    const way = wayOf(this.#ports.flow, direction);
    const { topic, partition } = checked(place, offset);
    const item = await this.#map(way, findTopic(this.#ports.registry, topic, direction));
    if (item === undefined) throw new UnknownTopicPartition(way.flow, place);
    const asked = flowPartition(this.#ports.flow, item, partition);
    const map = await this.#map(way, this.#ports.maps.read([way.ask(asked, [offset])]));
    const found = way.find(map, item.topic, partition, offset);
    // Only an offset that is not replicated yet may be none at all: a source that is lost is not to be waited for.
    const isPastCopy = found.kind === 'clamped' && found.beyond > 0;
    const [from, to] = await Promise.all([
      isPastCopy ? this.#logs(way.from, [{ topic: way.nameFrom(item), partition }]) : NOT_ASKED,
      this.#logs(way.to, [{ topic: way.nameTo(item), partition }]),
    ]);
    const logs = logsOf(way, item, partition, { from, to });
    const mapIds = map.topicIds(item.topic, partition);
    return orThrow(settle(way, { item, partition: asked, offset, found, mapIds, ...logs }));
  }

  /**
   * Where a group of the cluster that `direction` leads from goes on on the other one, partition by partition. While the
   * source does not answer, its last checkpoints are translated instead.
   * @throws TranslationError, and the cluster's errors when it does not tell the group's offsets
   */
  async translateGroup(group: string, direction: Direction = Direction.Forward): Promise<GroupTranslation> {
    if (group === '') throw new InvalidTranslationRequest('the group has no name');
    const way = wayOf(this.#ports.flow, direction);
    const { offsetsFrom, offsets } = await readGroupOffsets(this.#ports, way, group);
    const { topics } = await this.#map(way, this.#ports.registry.list());
    const items = new Map(topics.map((item) => [way.nameFrom(item), item]));
    const replicated = offsets.flatMap((each) => {
      const item = items.get(each.topic);
      return item === undefined
        ? []
        : [{ ...each, item, asked: flowPartition(this.#ports.flow, item, each.partition) }];
    });
    const requests = replicated.flatMap(({ asked, offset }): TranslationRequest[] =>
      typeof offset === 'number' ? [way.ask(asked, [offset])] : [],
    );
    const map = await this.#map(way, this.#ports.maps.read(requests));
    const places = (name: (item: TopicItem) => string) =>
      replicated.map(({ item, partition }) => ({ topic: name(item), partition }));
    const [from, to] = await Promise.all([
      offsetsFrom.kind === 'cluster' ? this.#logs(way.from, places(way.nameFrom)) : NOT_ASKED,
      this.#logs(way.to, places(way.nameTo)),
    ]);
    const answers = replicated.toSorted(byPartition).map(({ item, asked, topic, partition, offset }) => {
      if (typeof offset !== 'number') {
        const of = `${group} in ${describeTopicPartition({ topic, partition })}`;
        return untranslated(way, { topic, partition }, undefined, new OffsetUnknown(way.from, of, offset.code));
      }
      const found = way.find(map, item.topic, partition, offset);
      const logs = logsOf(way, item, partition, { from, to });
      const mapIds = map.topicIds(item.topic, partition);
      const settled = settle(way, { item, partition: asked, offset, found, mapIds, ...logs });
      return settled instanceof TranslationError ? untranslated(way, { topic, partition }, offset, settled) : settled;
    });
    const otherTopics = [...new Set(offsets.map(({ topic }) => topic).filter((topic) => !items.has(topic)))].sort();
    return {
      ...{ flow: way.flow, direction, group, offsetsFrom, otherTopics },
      partitions: answers.filter((each): each is OffsetTranslation => !('error' in each)),
      untranslated: answers.filter((each): each is Untranslated => 'error' in each),
    };
  }

  /** Where the logs begin and end, as far as the cluster tells: the map's answer holds without it. */
  async #logs(alias: string, places: readonly TopicPartition[]): Promise<LogsRead> {
    const { flow, source, target } = this.#ports;
    const connect = alias === flow.source ? source : target;
    if (connect === undefined || places.length === 0) return NOT_ASKED;
    try {
      return await (await connect()).logs(places);
    } catch (error) {
      if (error instanceof CausewayError) return NOT_ASKED;
      throw error;
    }
  }

  async #map<T>({ flow }: Way, answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof CausewayError || !(error instanceof Error) || isProgrammingError(error)) throw error;
      throw new OffsetMapUnreadable(flow, `${error.name}: ${error.message}`, error);
    }
  }
}

function checked(place: TopicPartition, offset: number): TopicPartition {
  for (const [name, value] of [
    ['partition', place.partition],
    ['offset', offset],
  ] as const)
    if (!Number.isSafeInteger(value) || value < 0)
      throw new InvalidTranslationRequest(`${name} is ${value}, expected a whole number from 0`);
  return place;
}

function logsOf(
  way: Way,
  item: TopicItem,
  partition: number,
  { from, to }: { readonly from: LogsRead; readonly to: LogsRead },
): Pick<OffsetFacts, 'from' | 'to' | 'missing'> {
  const [here, there] = [from.get(way.nameFrom(item))?.get(partition), to.get(way.nameTo(item))?.get(partition)];
  return {
    from: here && isTold(here) ? here : undefined,
    to: there && isTold(there) ? there : undefined,
    missing: there !== undefined && !isTold(there) && there.code === UNKNOWN_PARTITION,
  };
}

function untranslated(
  { from: cluster }: Way,
  { topic, partition }: TopicPartition,
  offset: number | undefined,
  error: TranslationError,
): Untranslated {
  return { from: { cluster, topic, partition, offset }, error };
}

function orThrow(answer: OffsetTranslation | TranslationError): OffsetTranslation {
  if (answer instanceof TranslationError) throw answer;
  return answer;
}

function byPartition(a: TopicPartition, b: TopicPartition): number {
  return a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1;
}
