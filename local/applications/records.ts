import type { KafkaMessage, Message } from 'kafkajs';
import type { Identity } from './ledger.ts';

/** What an application's records are made of, and how it knows them again. */
export interface RecordForm {
  message(identity: Identity): Message;
  /** @param topic the application's name of it */
  identity(topic: string, message: KafkaMessage): Identity;
}

/** Nothing but key and number. */
export const KEY_AND_NUMBER: RecordForm = {
  message: ({ key, number }) => ({ key, value: String(number) }),
  identity: (topic, { key, value }) => ({
    topic,
    key: key?.toString() ?? '',
    number: Number(value?.toString()),
  }),
};
