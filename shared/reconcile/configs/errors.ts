import { firstInWords } from '../../first-of.ts';
import { CausewayError } from '../../flow/errors.ts';
import { type FlowId, flowName } from '../../flow/flow.ts';

/** A report names no more topics than this. */
const MOST_TOPICS = 10;

function describe(flow: FlowId, topics: readonly string[]): string {
  return `${flowName(flow)} ${firstInWords(topics, MOST_TOPICS)}`;
}

/** The target's version of Kafka has no such config property. */
export class ConfigUnknownError extends CausewayError {
  override readonly code = 'CONFIG_UNKNOWN_TO_TARGET';
  override readonly retriable = false;
  /** The config property. */
  readonly key: string;

  constructor(flow: FlowId, key: string, topics: readonly string[]) {
    super(`${describe(flow, topics)}: ${flow.target} knows no topic setting ${key}`, {
      safe: 'Records and all other settings of these topics are copied.',
      next: `Add ${key} to ${flowName(flow)}.config.properties.exclude, or upgrade ${flow.target}.`,
    });
    this.key = key;
  }
}

/** The target does not take a value; for topics that it refuses alike. */
export class ConfigRefusedError extends CausewayError {
  override readonly code = 'CONFIG_REFUSED';
  override readonly retriable = false;
  /** The config property. */
  readonly key: string;

  constructor(flow: FlowId, key: string, topics: readonly string[], cause: CausewayError) {
    super(`${describe(flow, topics)}: ${flow.target} does not take ${key}: ${cause.message}`, {
      safe: 'Records and all other settings of these topics are copied.',
      next: `Correct ${key} on the source topic, allow it on ${flow.target}, or add it to ${flowName(flow)}.config.properties.exclude.`,
      cause,
    });
    this.key = key;
  }
}

/** Settings of topics could not be read or changed at all; code and remedy are those of the cause. */
export class ConfigsNotSyncedError extends CausewayError {
  override readonly code: string;
  override readonly retriable: boolean;

  constructor(flow: FlowId, topics: readonly string[], doing: string, cause: CausewayError) {
    super(`${describe(flow, topics)}: settings could not be ${doing}: ${cause.message}`, {
      safe: 'Records are copied; the remote topics keep the settings that they have.',
      next: `${cause.next} To do without: ${flowName(flow)}.sync.topic.configs.enabled = false.`,
      cause,
    });
    this.code = cause.code;
    this.retriable = cause.retriable;
  }
}
