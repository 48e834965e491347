import type { Flow } from '../config/flow-schema.ts';
import { CausewayError } from '../flow/errors.ts';
import { type FlowId, flowName } from '../flow/flow.ts';
import type { LoadedConfiguration } from './configuration-file.ts';
import { enabling, notEnabled } from './explain/flow-enabled.ts';
import { WrittenFile } from './explain/written-file.ts';
import { flowsAsked, namedFlow } from './flows.ts';

const SAFE = 'Nothing was asked or changed.';

/** Whoever asks about a flow that copies nothing is to hear that, and not that all is well. */
export class FlowNotEnabledError extends CausewayError {
  override readonly code = 'FLOW_NOT_ENABLED';
  override readonly retriable = false;

  constructor(message: string, next: string) {
    super(message, { safe: SAFE, next });
  }
}

/**
 * The enabled flows that `--flow` asks for: all of them without it.
 * @throws UsageError; FlowNotEnabledError where there is none
 */
export function enabledFlows(written: string | undefined, loaded: LoadedConfiguration): readonly Flow[] {
  const { configuration, file, text } = loaded;
  const flows = flowsAsked(written, configuration).filter(({ enabled }) => enabled);
  if (flows.length > 0) return flows;
  if (written !== undefined) throw notEnabledError(namedFlow(written, configuration), file, text);
  throw new FlowNotEnabledError(
    `${file} enables no flow, so nothing is replicated`,
    'Enable one (<source>-><target>.enabled = true), or name another file with --config.',
  );
}

function notEnabledError(id: FlowId, file: string, text: string): FlowNotEnabledError {
  const inFile = new WrittenFile(text);
  const pair = { source: { alias: id.source }, target: { alias: id.target }, enabled: false };
  const [because] = notEnabled(pair, inFile);
  const [change] = enabling(pair, inFile);
  const place = because?.place;
  const where = place === undefined ? `the default: ${file} does not set it` : `${file}:${place.line}: ${place.key}`;
  const to = change?.lines === undefined ? 'add the line' : `line ${change.lines.first} becomes`;
  return new FlowNotEnabledError(
    `the flow ${flowName(id)} is not enabled (${where})`,
    `If it is to copy, ${to} ${change?.write ?? `${flowName(id)}.enabled = true`} and deploy it; causeway explain says of every flow what it copies.`,
  );
}
