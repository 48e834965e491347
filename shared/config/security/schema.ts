import { z } from 'zod';
import { LiteralSecret } from '../secrets/literal.ts';
import { secretReferenceSchema } from '../secrets/reference.ts';

/** In the file or referred to; may be shown. */
const textSchema = z.union([z.string(), secretReferenceSchema]);
/** Referred to, or in the file (and then hidden, and never in JSON). */
const secretSchema = z.union([secretReferenceSchema, z.instanceof(LiteralSecret)]);

export type Text = z.infer<typeof textSchema>;
export type Secret = z.infer<typeof secretSchema>;

const tlsSchema = z.object({
  /** Trusted certificates, PEM; the public authorities without it. */
  certificates: textSchema.optional(),
  /** What the client shows of itself. */
  client: z
    .discriminatedUnion('kind', [
      z.object({
        kind: z.literal('pem'),
        certificateChain: textSchema,
        key: secretSchema,
        keyPassword: secretSchema.optional(),
      }),
      /** A secret with `certificate`, `privateKey` and, if it is encrypted, `privateKeyPassword`, as Lambda has it. */
      z.object({ kind: z.literal('secret'), secret: secretReferenceSchema }),
    ])
    .optional(),
  /** Whether the name in the broker's certificate must be the host's. */
  verifyHost: z.boolean(),
});

const saslSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('iam'), roleArn: z.string().optional() }),
  z.object({
    kind: z.literal('password'),
    mechanism: z.enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']),
    credentials: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('pair'), username: textSchema, password: secretSchema }),
      /** The whole `sasl.jaas.config` is in the place referred to. */
      z.object({ kind: z.literal('jaas'), jaas: secretReferenceSchema }),
      /** A secret with `username` and `password`, as MSK and Lambda have it. */
      z.object({ kind: z.literal('secret'), secret: secretReferenceSchema }),
    ]),
  }),
]);

/** How a client encrypts and logs in. */
export const securitySchema = z.discriminatedUnion('protocol', [
  z.object({ protocol: z.literal('PLAINTEXT') }),
  z.object({ protocol: z.literal('SSL'), tls: tlsSchema }),
  z.object({ protocol: z.literal('SASL_PLAINTEXT'), sasl: saslSchema }),
  z.object({ protocol: z.literal('SASL_SSL'), sasl: saslSchema, tls: tlsSchema }),
]);

export type Security = z.infer<typeof securitySchema>;
export type Sasl = z.infer<typeof saslSchema>;
export type Tls = z.infer<typeof tlsSchema>;
