import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { CertificateAuthority } from '../../../../local/kafka/certificate-authority.ts';

const authority = new CertificateAuthority('us-east authority');
const own = new X509Certificate(authority.certificate);
const { certificateChain, privateKey } = authority.issue('brokers');
const issued = new X509Certificate(certificateChain);

it('has a certificate of its own that may sign others', () => {
  expect(own).toMatchObject({ subject: 'CN=us-east authority', issuer: 'CN=us-east authority', ca: true });
  expect(own.verify(own.publicKey)).toBe(true);
});

it('issues certificates that are signed by it and may not sign', () => {
  expect(issued).toMatchObject({ subject: 'CN=brokers', issuer: 'CN=us-east authority', ca: false });
  expect(issued.checkIssued(own)).toBe(true);
  expect(issued.verify(own.publicKey)).toBe(true);
});

it('issues for the loopback address, and for no other', () => {
  expect(issued.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(issued.checkHost('localhost')).toBe('localhost');
  expect(issued.checkIP('127.0.0.2')).toBeUndefined();
});

it('gives each holder the key of its certificate, and its own certificate behind', () => {
  expect(issued.checkPrivateKey(createPrivateKey(privateKey))).toBe(true);
  expect(certificateChain.endsWith(authority.certificate)).toBe(true);
});

it('issues for now and the days to come, under numbers of their own', () => {
  const other = new X509Certificate(authority.issue('brokers').certificateChain);
  expect(issued.validFromDate.getTime()).toBeLessThan(Date.now());
  expect(issued.validToDate.getTime()).toBeGreaterThan(Date.now() + 30 * 86_400_000);
  expect(other.serialNumber).not.toBe(issued.serialNumber);
});

it('is trusted by nobody who trusts another of the same name', () => {
  const namesake = new X509Certificate(new CertificateAuthority('us-east authority').certificate);
  expect(issued.verify(namesake.publicKey)).toBe(false);
});
