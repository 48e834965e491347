import type { Delivery } from './delivery.ts';

export interface BacklogBounds {
  /** Messages that may be given and not acknowledged at once. */
  readonly messages: number;
  /** ms from `send` to the acknowledgement */
  readonly ageMs: number;
}

/** What was given and is neither acknowledged nor failed, in the order in which it was given. */
export class Backlog {
  readonly #bounds: BacklogBounds;
  readonly #onExpiry: (delivery: Delivery) => void;
  readonly #deliveries = new Set<Delivery>();
  #messages = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param onExpiry told of each delivery that has reached the age; it is to fail it */
  constructor(bounds: BacklogBounds, onExpiry: (delivery: Delivery) => void) {
    this.#bounds = bounds;
    this.#onExpiry = onExpiry;
  }

  get messages(): number {
    return this.#messages;
  }

  /** ms that the oldest has waited; 0 if there is none. */
  oldestMs(now: number): number {
    for (const { givenAt } of this.#deliveries) return now - givenAt;
    return 0;
  }

  /** One delivery is always taken, whatever its size. */
  hasRoomFor(messages: number): boolean {
    return this.#messages === 0 || this.#messages + messages <= this.#bounds.messages;
  }

  add(delivery: Delivery): void {
    if (delivery.isOver) return;
    this.#deliveries.add(delivery);
    this.#messages += delivery.count;
    const over = () => {
      this.#deliveries.delete(delivery);
      this.#messages -= delivery.count;
      if (this.#deliveries.size === 0) clearTimeout(this.#timer);
    };
    delivery.done.then(over, over);
    if (this.#deliveries.size === 1) this.#expectExpiry();
  }

  [Symbol.iterator](): Iterator<Delivery> {
    return [...this.#deliveries][Symbol.iterator]();
  }

  #expectExpiry(): void {
    clearTimeout(this.#timer);
    for (const { givenAt } of this.#deliveries) {
      const dueMs = Math.max(0, givenAt + this.#bounds.ageMs - Date.now());
      this.#timer = setTimeout(() => this.#expire(), dueMs);
      return;
    }
  }

  #expire(): void {
    const now = Date.now();
    for (const delivery of this) {
      if (now - delivery.givenAt < this.#bounds.ageMs) break;
      this.#onExpiry(delivery);
      this.#deliveries.delete(delivery);
    }
    this.#expectExpiry();
  }
}
