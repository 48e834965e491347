/** Something to be said about the configuration. */
export interface Remark {
  /** Absent: about the file as a whole, or about `flow`. */
  readonly line?: number;
  readonly key?: string;
  /** As written; never a secret. */
  readonly value?: string;
  readonly flow?: string;
  readonly says: string;
}
