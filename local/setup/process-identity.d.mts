/** A process id with the time that process was started, which tells it from a later one of the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
}
export declare function startTimeOf(pid: number): string | undefined;
export declare function isRunning(identity: ProcessIdentity): boolean;
export declare function thisProcess(): ProcessIdentity;
