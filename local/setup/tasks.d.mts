/** What a task may need of the machine. */
export type Need = 'node' | 'npm' | 'java' | 'maven' | 'python';
export interface Task {
  /** The file that it runs, relative to the project. */
  readonly entry: string;
  readonly does: string;
  /** What `--help` says; absent where the program that the task runs says it. */
  readonly help?: string;
  readonly needs: (args: readonly string[]) => readonly Need[];
}
type Explained = Task & { readonly help: string };
export declare const tasks: Readonly<
  Record<'test' | 'check' | 'demo' | 'local', Explained> & Record<'bench' | 'synth', Task>
>;
export declare function usage(name: string | undefined): string;
export declare function helpFor(args: readonly string[]): string | undefined;
