export declare function findJava(): string | undefined;
export declare function findPython(): Promise<string | undefined>;
export declare function findOnPath(name: string): string | undefined;
