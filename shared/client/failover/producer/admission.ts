/** Thrown to whoever is about to send when nothing may be sent. Not retriable, so that kafkajs gives up at once. */
export class NotAdmitted extends Error {
  readonly retriable = false;

  constructor() {
    super('producers are fenced, or the cluster was left');
    this.name = 'NotAdmitted';
  }
}

/** Whether one cluster may be sent to now. Once it is left it never may again. */
export class Admission {
  #isOpen = false;
  #isLeft = false;

  get isOpen(): boolean {
    return this.#isOpen;
  }

  open(): void {
    this.#isOpen = !this.#isLeft;
  }

  shut(): void {
    this.#isOpen = false;
  }

  leave(): void {
    this.#isOpen = false;
    this.#isLeft = true;
  }

  get isLeft(): boolean {
    return this.#isLeft;
  }

  /** @throws NotAdmitted */
  admit(): void {
    if (!this.#isOpen) throw new NotAdmitted();
  }
}
