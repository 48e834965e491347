/**
 * What an event source mapping does:
 * - enabled, disabled: it stays so; disabled ones have no delivery under way
 * - enabling, disabling: on its way there; it takes no change now
 * - changing: being made, removed or given other settings; what it comes to is not told
 */
export type MappingState = 'enabled' | 'enabling' | 'disabled' | 'disabling' | 'changing';

export interface SwitchedMapping {
  readonly uuid: string;
  readonly topic: string;
  readonly state: MappingState;
}

/** Event source mappings in one region, which may be away. Nothing is changed of them but whether they are enabled. */
export interface MappingSwitch<Mapping extends SwitchedMapping> {
  /** @throws CausewayError */
  list(): Promise<readonly Mapping[]>;
  /** `busy`: an earlier change is still being carried out. @throws CausewayError */
  setEnabled(mapping: Mapping, enabled: boolean): Promise<'updated' | 'busy'>;
}

/** Whether it delivers, or is about to. */
export function isInUse({ state }: SwitchedMapping): boolean {
  return state === 'enabled' || state === 'enabling';
}
