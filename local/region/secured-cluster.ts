import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CertificateAuthority, type Identity } from '../kafka/certificate-authority.ts';
import type { ClusterSecurity, KafkaUser, SecuredPorts } from '../kafka/cluster-security.ts';
import type { SecuredAddress } from './addresses.ts';

/** May do everything on a secured cluster. The password tells clusters apart and hides nothing. */
export function ownerOf(alias: string): KafkaUser {
  return { username: 'causeway', password: `causeway-of-${alias}` };
}

/** May log in, and do what ACLs allow. */
export function strangerOf(alias: string): KafkaUser {
  return { username: 'stranger', password: `stranger-of-${alias}` };
}

/** The users, the private authority and the certificates of one secured cluster, as long as its run lasts. */
export class SecuredCluster {
  readonly settings: ClusterSecurity;
  readonly #authority: CertificateAuthority;
  readonly #client: Identity;

  constructor(dataFolder: string, alias: string) {
    this.#authority = new CertificateAuthority(`${alias} authority`);
    const owner = ownerOf(alias);
    this.#client = this.#authority.issue(owner.username);
    const brokers = this.#authority.issue('brokers');
    const keystoreFile = join(dataFolder, `${alias}-brokers.pem`);
    const truststoreFile = join(dataFolder, `${alias}-authority.pem`);
    writeFileSync(keystoreFile, brokers.privateKey + brokers.certificateChain, { mode: 0o600 });
    writeFileSync(truststoreFile, this.#authority.certificate);
    this.settings = { owner, users: [strangerOf(alias)], keystoreFile, truststoreFile };
  }

  /** What clients need to know. @param brokers the secured listeners' ports, by broker */
  address(brokers: readonly SecuredPorts[]): SecuredAddress {
    const { owner, users } = this.settings;
    const servers = (ports: readonly number[]) => ports.map((port) => `127.0.0.1:${port}`).join(',');
    return {
      saslBootstrapServers: servers(brokers.map(({ sasl }) => sasl)),
      tlsBootstrapServers: servers(brokers.map(({ tls }) => tls)),
      certificateAuthority: this.#authority.certificate,
      owner,
      users: [...users],
      ownerCertificate: this.#client,
    };
  }
}
