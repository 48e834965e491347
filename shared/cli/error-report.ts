import { CdkMissingError } from '../../infra/cdk-missing.ts';
import { ConfigurationError, ConfigurationFileError, LiteralSecretError } from '../config/errors.ts';
import { CausewayError, messageOf } from '../flow/errors.ts';
import { TopicNotInFlowError } from '../ledger/asked-topics.ts';
import { RepairIntoCopyError } from '../ledger/repair/errors.ts';
import { asCalledHere, safeHere } from './called-here.ts';
import { FlowNotEnabledError } from './enabled-flows.ts';
import { NoFlowAnsweredError, RegionUnknownError, UsageError } from './errors.ts';
import { ExitCode } from './exit-code.ts';
import { fields, type Line, type Page } from './terminal/page.ts';

/** An error as both people and programs are told of it. */
export interface ErrorReport {
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly what: string;
  readonly safe: string;
  readonly next: string;
  readonly retriable: boolean;
  /** The single faults, where the error gathers several. */
  readonly faults?: ConfigurationError['faults'];
  /** With `--debug`. */
  readonly stack?: string;
}

export function reportError(error: unknown, debug: boolean): ErrorReport {
  const stack = debug && error instanceof Error ? { stack: stackOf(error) } : {};
  if (!(error instanceof CausewayError))
    return {
      code: 'DEFECT',
      exitCode: ExitCode.Defect,
      what: messageOf(error),
      safe: 'Not known: nobody foresaw this.',
      next: 'Run it again with --debug and report what it prints.',
      retriable: false,
      ...stack,
    };
  const { code, message, retriable } = error;
  const [safe, next] = [safeHere(error.safe), asCalledHere(error.next)];
  const faults = error instanceof ConfigurationError ? { faults: error.faults } : {};
  return { code, exitCode: exitCodeOf(error), what: message, safe, next, retriable, ...faults, ...stack };
}

/** What a person reads: code, what, safe, next. */
export function describeError(page: Page, { code, what, safe, next, stack }: ErrorReport): string {
  const lines = what.split('\n');
  const text = fields(
    page,
    [
      { label: page.style.bad('error'), lines: [page.style.bold(code)] },
      { label: 'what', lines: lines.map((line): Line => line.trim()) },
      { label: 'safe', lines: [safe] },
      { label: 'next', lines: [next] },
    ],
    0,
  );
  return stack === undefined ? text : `${text}\n\n${stack}`;
}

function exitCodeOf(error: CausewayError): ExitCode {
  if (error instanceof NoFlowAnsweredError) return exitCodeOf(error.failure);
  if (error instanceof UsageError || error instanceof RepairIntoCopyError) return ExitCode.Usage;
  if (error instanceof CdkMissingError) return ExitCode.CannotRun;
  if (error instanceof FlowNotEnabledError || error instanceof TopicNotInFlowError) return ExitCode.No;
  const ofTheFile = [ConfigurationError, ConfigurationFileError, LiteralSecretError, RegionUnknownError];
  return ofTheFile.some((kind) => error instanceof kind) ? ExitCode.Configuration : ExitCode.Unreachable;
}

/** An error's own stack and those of its causes. */
function stackOf(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by ${stackOf(error.cause)}` : own;
}
