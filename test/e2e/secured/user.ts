import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { alterUserScramCredentialsV0, Connection } from '@platformatic/kafka';
import kafkajs, { type AclOperationTypes, type AclResourceTypes, type Admin } from 'kafkajs';
import type { BrokerAddress } from '../../../local/region/addresses.ts';

const SCRAM_ITERATIONS = 4_096;
const SCRAM_SHA_512 = { mechanism: 2, digest: 'sha512', bytes: 64 } as const;

/** Gives a user of a cluster another password, as who may do everything. */
export async function changePassword(broker: BrokerAddress, username: string, password: string): Promise<void> {
  const { mechanism, digest, bytes } = SCRAM_SHA_512;
  const salt = randomBytes(16);
  const saltedPassword = pbkdf2Sync(password, salt, SCRAM_ITERATIONS, bytes, digest);
  const connection = new Connection('test');
  await connection.connect(broker.host, broker.port);
  try {
    const upsertion = { name: username, mechanism, iterations: SCRAM_ITERATIONS, salt, saltedPassword };
    await alterUserScramCredentialsV0.api.async(connection, [], [upsertion]);
  } finally {
    await connection.close();
  }
}

type Right = readonly [
  resource: { readonly type: AclResourceTypes; readonly name: string; readonly prefixed: boolean },
  operations: readonly AclOperationTypes[],
];

const { READ, WRITE, CREATE, ALTER, DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS, IDEMPOTENT_WRITE } =
  kafkajs.AclOperationTypes;
const { TOPIC, GROUP, TRANSACTIONAL_ID, CLUSTER } = kafkajs.AclResourceTypes;

/** What docs/deploy.md asks for on the source of a flow that writes offset syncs there. */
export function sourceRights(offsetSyncsTopic: string): readonly Right[] {
  return [
    [{ type: TOPIC, name: '*', prefixed: false }, [READ, DESCRIBE, DESCRIBE_CONFIGS]],
    [{ type: TOPIC, name: offsetSyncsTopic, prefixed: false }, [CREATE, DESCRIBE, WRITE]],
    [{ type: GROUP, name: 'causeway.', prefixed: true }, [READ]],
    [{ type: GROUP, name: '*', prefixed: false }, [DESCRIBE]],
    [{ type: CLUSTER, name: 'kafka-cluster', prefixed: false }, [DESCRIBE]],
  ];
}

/** What docs/deploy.md asks for on the target of a flow from `source`. */
export function targetRights(source: string): readonly Right[] {
  return [
    [
      { type: TOPIC, name: `${source}.`, prefixed: true },
      [READ, WRITE, DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS, CREATE, ALTER],
    ],
    [{ type: GROUP, name: '*', prefixed: false }, [READ, DESCRIBE]],
    [{ type: TRANSACTIONAL_ID, name: 'causeway', prefixed: true }, [WRITE, DESCRIBE]],
    [{ type: CLUSTER, name: 'kafka-cluster', prefixed: false }, [IDEMPOTENT_WRITE, DESCRIBE, ALTER]],
  ];
}

export async function grant(admin: Admin, username: string, rights: readonly Right[]): Promise<void> {
  await admin.createAcls({
    acl: rights.flatMap(([{ type, name, prefixed }, operations]) =>
      operations.map((operation) => ({
        resourceType: type,
        resourceName: name,
        resourcePatternType: kafkajs.ResourcePatternTypes[prefixed ? 'PREFIXED' : 'LITERAL'],
        principal: `User:${username}`,
        host: '*',
        operation,
        permissionType: kafkajs.AclPermissionTypes.ALLOW,
      })),
    ),
  });
}
