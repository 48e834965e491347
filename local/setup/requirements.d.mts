import type { Need } from './tasks.mjs';

/** Something that the machine lacks, and how to get it. */
export interface Fault {
  readonly title: string;
  readonly remedy: string;
}
export declare function faultsOf(needs: readonly Need[]): Promise<Fault[]>;
export declare function findJava(): string | undefined;
export declare function findPython(): Promise<string | undefined>;
export declare function findOnPath(name: string): string | undefined;
