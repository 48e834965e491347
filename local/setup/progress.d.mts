export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}
export declare class Progress {
  constructor(output: Output);
  begin(line: () => string): (last: string) => void;
}
