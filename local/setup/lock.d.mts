export declare function withLock<T>(
  path: string,
  work: () => Promise<T>,
  onWait?: (ownerPid: number) => void,
): Promise<T>;
