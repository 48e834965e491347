export declare class CommandFailed extends Error {
  constructor(what: string, log: string);
}
export declare function step<T>(name: string, work: () => Promise<T>, doing?: () => string): Promise<T>;
export declare function runLogged(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly log: string; readonly env?: NodeJS.ProcessEnv },
): Promise<void>;
export declare function tailOf(log: string): string;
