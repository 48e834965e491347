/** How a value is written; the types of Kafka's `ConfigDef`. */
export type PropertyType = 'string' | 'boolean' | 'int' | 'long' | 'double' | 'list' | 'class' | 'password';

/**
 * What Causeway makes of a property: `honoured`; `later`, taken and warned about; `not-applicable`, it has no meaning
 * here and is warned about; `refused`, going on without it could copy what must not be copied.
 */
export type PropertyStatus = 'honoured' | 'later' | 'not-applicable' | 'refused';

export interface KnownProperty {
  readonly name: string;
  readonly type: PropertyType;
  /** MirrorMaker 2's, as it would be written in the file; undefined for none. */
  readonly default: string | undefined;
  /** Where Causeway's own default differs. */
  readonly causewayDefault?: string;
  readonly status: PropertyStatus;
  /** What it does, or why it does nothing. */
  readonly note: string;
  /** All values that are taken, for those that have few. */
  readonly values?: readonly string[];
  /** Bounds for numbers, both included. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** A number within the bounds that is not taken, and what to say of the others. */
  readonly except?: { readonly value: number; readonly expected: string };
}

/** Rows with one status and one note: name to `type` or `type default`. */
export function rows(
  status: PropertyStatus,
  note: string,
  names: Readonly<Record<string, string>>,
): readonly KnownProperty[] {
  return Object.entries(names).map(([name, written]) => ({ name, status, note, ...typeAndDefault(written) }));
}

function typeAndDefault(written: string): { type: PropertyType; default: string | undefined } {
  const [type = '', ...rest] = written.split(' ');
  return { type: propertyType(type), default: rest.length === 0 ? undefined : rest.join(' ') };
}

const TYPES: readonly PropertyType[] = ['string', 'boolean', 'int', 'long', 'double', 'list', 'class', 'password'];

function propertyType(written: string): PropertyType {
  const type = TYPES.find((candidate) => candidate === written);
  if (type === undefined) throw new RangeError(`not a type of properties: ${written}`);
  return type;
}

export function byName(properties: readonly KnownProperty[]): ReadonlyMap<string, KnownProperty> {
  return new Map(properties.map((property) => [property.name, property]));
}
