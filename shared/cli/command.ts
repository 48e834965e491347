import type { Resolve } from '../config/secrets/reference.ts';
import type { Arguments, Option } from './arguments.ts';
import type { LoadedConfiguration, Needed } from './configuration-file.ts';
import type { ExitCode } from './exit-code.ts';
import type { Page } from './terminal/page.ts';

/** What a command found out: for programs as `json`, for people as text. */
export interface Answer {
  readonly exitCode: ExitCode;
  /** Printed with `--json`. */
  readonly json: unknown;
  readonly text: (page: Page) => string;
}

/** Tells people how a command that takes its time gets on; nothing where JSON is asked for. */
export type Progress = (line: (page: Page) => string) => void;

export interface CommandContext {
  readonly arguments: Arguments;
  /** The configuration's file as it was named, for messages. */
  readonly file: string;
  /** What stands in it. @throws ConfigurationFileError */
  readonly text: () => Promise<string>;
  /** Looks up what the file refers to. */
  readonly resolve: Resolve;
  readonly progress: Progress;
  /** Reads the file that `--config` names. @throws ConfigurationFileError, ConfigurationError, SecretUnavailableError */
  readonly configuration: (needed?: Needed) => Promise<LoadedConfiguration>;
}

export interface Example {
  /** As typed, `causeway` in front. */
  readonly command: string;
  readonly does: string;
}

/** One command, a file in `commands/` and a row in `commands.ts`. */
export interface Command {
  /** What follows `causeway <name>`, one line for each form: `<topic>`, `--group <group>`. */
  readonly usage: readonly string[];
  readonly description: readonly string[];
  readonly options: readonly Option[];
  readonly examples: readonly Example[];
  /** @throws CausewayError */
  readonly run: (context: CommandContext) => Promise<Answer>;
}
