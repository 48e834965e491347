/**
 * The first import of every entry of the package: on an older Node the one sentence that says so comes first, and not
 * whatever that Node lacks, which may show only in a failover.
 */
import { checkNode } from './node-version.ts';

checkNode(process.versions.node);
