const LOGIN_MODULES = 'org.apache.kafka.common.security';
/** The least that Kafka takes; more would only slow logins down. */
const SCRAM_ITERATIONS = 4_096;

export interface KafkaUser {
  readonly username: string;
  readonly password: string;
}

/** The listeners that a secured broker has beside the plain one. */
export interface SecuredPorts {
  /** SASL_SSL: SCRAM-SHA-512, SCRAM-SHA-256 and PLAIN. */
  readonly sasl: number;
  /** SSL; clients must show a certificate of the authority. */
  readonly tls: number;
}

/** What all nodes of a secured cluster are configured with. */
export interface ClusterSecurity {
  /** PEM file with the brokers' private key and certificates. */
  readonly keystoreFile: string;
  /** PEM file with the authority's certificate. */
  readonly truststoreFile: string;
  /** May do everything. */
  readonly owner: KafkaUser;
  /** May do what ACLs allow them. */
  readonly users: readonly KafkaUser[];
}

/**
 * A node's part of `server.properties`. The cluster obeys ACLs; who connects to the plain listener, as brokers do among
 * themselves, may do everything.
 */
export function securityProperties(security: ClusterSecurity): Record<string, string> {
  const { owner, users, keystoreFile, truststoreFile } = security;
  const plainUsers = [owner, ...users].map(({ username, password }) => `user_${username}="${password}"`).join(' ');
  return {
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': `User:ANONYMOUS;User:${owner.username}`,
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'listener.name.sasl_ssl.plain.sasl.jaas.config': `${LOGIN_MODULES}.plain.PlainLoginModule required ${plainUsers};`,
    'listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config': `${LOGIN_MODULES}.scram.ScramLoginModule required;`,
    'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config': `${LOGIN_MODULES}.scram.ScramLoginModule required;`,
    'listener.name.ssl.ssl.client.auth': 'required',
    'ssl.principal.mapping.rules': 'RULE:^CN=([^,]*).*$/$1/,DEFAULT',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keystoreFile,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': truststoreFile,
  };
}

/** What `kafka-storage format` is told, so that the users are there from the cluster's first moment. */
export function scramArguments({ owner, users }: ClusterSecurity): string[] {
  return [owner, ...users].flatMap(({ username, password }) =>
    ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
      '--add-scram',
      `${mechanism}=[name=${username},iterations=${SCRAM_ITERATIONS},password=${password}]`,
    ]),
  );
}
