/** One thing that may happen next. */
export interface Action {
  /** How likely, where chance decides. */
  readonly weight: number;
  readonly label: string;
  readonly run: () => void;
}

export const LIKELY = 12;
export const DELIVERY = 6;
export const FAULT = 2;
export const RARE = 1;
