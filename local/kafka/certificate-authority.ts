import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import {
  bitString,
  boolean,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  utcTime,
  utf8String,
} from './der.ts';

const HOUR_MS = 3_600_000;
const VALID_MS = 365 * 24 * HOUR_MS;

const ecdsaWithSha256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
const COMMON_NAME = '2.5.4.3';
const BASIC_CONSTRAINTS = '2.5.29.19';
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
const DNS_NAME = 2;
const IP_ADDRESS = 7;

/** PEM texts. The chain begins with the holder's own certificate and ends with the authority's. */
export interface Identity {
  readonly certificateChain: string;
  /** PKCS #8, not encrypted. */
  readonly privateKey: string;
}

/** A private authority that lives as long as its object: certificates by RFC 5280, with P-256 keys. */
export class CertificateAuthority {
  /** PEM of its own certificate, which clients are to trust. */
  readonly certificate: string;
  readonly #name: string;
  readonly #key: KeyObject;

  constructor(name: string) {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#name = name;
    this.#key = privateKey;
    const isAuthority = extension(BASIC_CONSTRAINTS, sequence(boolean(true)));
    this.certificate = this.#sign(name, publicKey, isAuthority);
  }

  /** A server's identity on the loopback address, or a client's: its common name becomes Kafka's principal. */
  issue(commonName: string): Identity {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const loopback = sequence(
      implicit(DNS_NAME, Buffer.from('localhost')),
      implicit(IP_ADDRESS, Buffer.of(127, 0, 0, 1)),
    );
    const certificate = this.#sign(commonName, publicKey, extension(SUBJECT_ALTERNATIVE_NAME, loopback));
    return {
      certificateChain: certificate + this.certificate,
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
  }

  #sign(subject: string, publicKey: KeyObject, ...extensions: readonly Buffer[]): string {
    const now = Date.now();
    const toBeSigned = sequence(
      explicit(0, integer(Buffer.of(2))), // X.509 version 3
      integer(Buffer.concat([Buffer.of(1), randomBytes(15)])),
      ecdsaWithSha256,
      distinguishedName(this.#name),
      sequence(utcTime(new Date(now - HOUR_MS)), utcTime(new Date(now + VALID_MS))),
      distinguishedName(subject),
      publicKey.export({ type: 'spki', format: 'der' }),
      explicit(3, sequence(...extensions)),
    );
    return pem(sequence(toBeSigned, ecdsaWithSha256, bitString(sign('sha256', toBeSigned, this.#key))));
  }
}

function distinguishedName(commonName: string): Buffer {
  return sequence(set(sequence(objectIdentifier(COMMON_NAME), utf8String(commonName))));
}

function extension(identifier: string, value: Buffer): Buffer {
  return sequence(objectIdentifier(identifier), boolean(true), octetString(value));
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
