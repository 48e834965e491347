/** What a task may need of the machine. */
export type Need = 'node' | 'npm' | 'java' | 'maven' | 'python';
export interface Task {
  /** The file that it runs, relative to the project. */
  readonly entry: string;
  readonly does: string;
  readonly needs: (args: readonly string[]) => readonly Need[];
}
export declare const tasks: Readonly<Record<string, Task>>;
