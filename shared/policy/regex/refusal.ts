/** Why a Java pattern is not taken: it is no Java pattern, or this runtime cannot give it the same meaning. */
export class PatternRefusal extends Error {
  /** Index into the pattern, in UTF-16 units, that the reason is about. */
  readonly position: number;

  constructor(reason: string, position: number) {
    super(reason);
    this.name = 'PatternRefusal';
    this.position = position;
  }
}
