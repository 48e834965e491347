import { z } from 'zod';
import { type FlowItem, FlowState, type TopicItem, TopicState } from '../../ledger/topic-registry.ts';

const topicItem = z.object({
  version: z.int().min(1),
  topic: z.string().min(1),
  remoteTopic: z.string().min(1),
  generation: z.int().min(1),
  sourceTopicId: z.string().min(1),
  targetTopicId: z.string().min(1),
  partitions: z.int().min(1),
  state: z.enum(TopicState),
  consumerGroup: z.string().min(1),
  mappingUuid: z.string().optional(),
  drainedAfter: z.number().optional(),
  begins: z.array(z.int().nonnegative()).optional(),
  remoteMade: z.boolean().optional(),
  deletion: z.object({ since: z.number(), logEnds: z.number() }).optional(),
});

const flowItem = z.object({ state: z.enum(FlowState), deployment: z.string().default('') });

/** @throws ZodError when the attributes are not those of a topic item */
export function decodeTopicItem(attributes: Readonly<Record<string, unknown>>): TopicItem {
  const { mappingUuid, drainedAfter, ...item } = topicItem.parse(attributes);
  return { ...item, mappingUuid, drainedAfter };
}

/** @throws ZodError when the attributes are not those of a flow item */
export function decodeFlowItem(attributes: Readonly<Record<string, unknown>>): FlowItem {
  return flowItem.parse(attributes);
}
