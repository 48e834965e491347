/** What the exit code of every command says; docs/cli.md and `causeway help exit-codes` are made from this table. */
export const ExitCode = {
  Yes: 0,
  No: 1,
  Usage: 2,
  Configuration: 3,
  Unreachable: 4,
  Defect: 70,
  CannotRun: 126,
  Interrupted: 130,
  OutputLost: 141,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export const EXIT_CODES: readonly { readonly code: ExitCode; readonly meaning: string }[] = [
  { code: ExitCode.Yes, meaning: 'done; the answer is yes; there is nothing to do' },
  {
    code: ExitCode.No,
    meaning:
      'the answer is no; there is a difference, or something to do; of plan, status and translate also: one of several could not be asked',
  },
  { code: ExitCode.Usage, meaning: 'the command line is wrong; nothing was asked or done' },
  {
    code: ExitCode.Configuration,
    meaning: 'the configuration has faults, lacks what the command needs, or cannot be read',
  },
  { code: ExitCode.Unreachable, meaning: 'a cluster, AWS or a secret could not be reached, refused, or has it not' },
  { code: ExitCode.Defect, meaning: 'a defect of causeway itself; --debug shows where' },
  { code: ExitCode.CannotRun, meaning: 'causeway cannot run here: Node is too old, or packages cannot be installed' },
  { code: ExitCode.Interrupted, meaning: 'ended by Ctrl-C (128 and the signal, as any program)' },
  {
    code: ExitCode.OutputLost,
    meaning: 'the output could not be written: its reader went away, as head does, or the disk is full',
  },
];
