import type { SourceOffset } from '../flow/offset.ts';
import type { GroupListing } from '../groups/group.ts';
import type { GroupReader, PartitionLogReader } from '../groups/ports.ts';
import { Interval } from '../schedule/interval.ts';

type SourceSide = GroupReader<SourceOffset> & PartitionLogReader<SourceOffset>;

/** The source's groups, listed anew as often as `refresh.groups.interval.seconds` says and not at each tick. */
export class ListedGroups implements SourceSide {
  readonly #source: SourceSide;
  readonly #refresh: Interval;
  readonly #now: () => number;
  #listing: GroupListing | undefined;

  /** @param refreshMs Infinity: they are listed once */
  constructor(source: SourceSide, refreshMs: number, now: () => number) {
    this.#source = source;
    this.#refresh = new Interval(refreshMs);
    this.#now = now;
  }

  /** Whether all brokers were heard when groups were last listed. */
  get complete(): boolean {
    return this.#listing?.silentBrokers.length === 0;
  }

  /** The next asking lists them anew, whether or not it is time. */
  forget(): void {
    this.#listing = undefined;
  }

  /** A listing that brokers are missing from is not kept. */
  async list(): Promise<GroupListing> {
    const due = this.#refresh.begin(this.#now());
    if (this.#listing === undefined || due || !this.complete) this.#listing = await this.#source.list();
    return this.#listing;
  }

  committed(groups: readonly string[]) {
    return this.#source.committed(groups);
  }

  logs(partitions: Parameters<SourceSide['logs']>[0]) {
    return this.#source.logs(partitions);
  }
}
