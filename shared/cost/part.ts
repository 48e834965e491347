import type { PriceName, Prices } from './prices.ts';

/** One line of a bill: what, how much of it, and what that costs. */
export interface Part {
  readonly name: string;
  readonly quantity: number;
  /** What the quantity counts: `GB-s`. */
  readonly unit: string;
  readonly price: PriceName;
  readonly usdPerUnit: number;
  readonly usdPerMonth: number;
  /** Where the quantity comes from. */
  readonly because: string;
}

export type PartFacts = Omit<Part, 'usdPerUnit' | 'usdPerMonth'>;

export function partOf(facts: PartFacts, prices: Prices): Part {
  const usdPerUnit = prices[facts.price];
  return { ...facts, usdPerUnit, usdPerMonth: facts.quantity * usdPerUnit };
}

export function sumOf(parts: readonly Pick<Part, 'usdPerMonth'>[]): number {
  return parts.reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0);
}

/** What a GB costs from one region to another, by us-east-1's prices. */
export function transferPrice(source: string, target: string): PriceName | undefined {
  if (source === target) return undefined;
  const nearby = [source, target].every((region) => region === 'us-east-1' || region === 'us-east-2');
  return nearby ? 'transferGbNearby' : 'transferGb';
}
