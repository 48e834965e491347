import { describe, expect, test } from 'vitest';
import { parseConfiguration } from '../../../shared/config/parse-configuration.ts';

describe('causeway.auth', () => {
  const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:AmazonMSK_x-AbCdEf';

  test.each([
    ['iam', { protocol: 'SASL_SSL', sasl: { kind: 'iam' }, tls: { verifyHost: true } }],
    [
      'scram',
      {
        protocol: 'SASL_SSL',
        sasl: {
          kind: 'password',
          mechanism: 'SCRAM-SHA-512',
          credentials: { kind: 'secret', secret: { provider: 'secrets', path: SECRET } },
        },
        tls: { verifyHost: true },
      },
    ],
    [
      'tls',
      {
        protocol: 'SSL',
        tls: { verifyHost: true, client: { kind: 'secret', secret: { provider: 'secrets', path: SECRET } } },
      },
    ],
    ['plaintext', { protocol: 'PLAINTEXT' }],
  ])('%s says how to log in', (auth, security) => {
    const text = [
      'clusters = a, b',
      'bootstrap.servers = h:9092',
      'a->b.enabled = true',
      `a.causeway.auth = ${auth}`,
      `a.causeway.secret.arn = ${SECRET}`,
    ].join('\n');

    expect(parseConfiguration(text, { file: 'mm2.properties' }).configuration.flows[0]?.source.data.security).toEqual(
      security,
    );
  });
});
