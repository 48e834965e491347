import { describe, expect, test } from 'vitest';
import type { Acl } from '../../../../shared/cli/explain/acl.ts';
import { explainAcl } from '../../../../shared/cli/explain/explain-acl.ts';
import { Rule } from '../../../../shared/cli/explain/explanation.ts';
import { causeway, properties } from '../command-line.ts';
import { asked, changed } from './question.ts';

const READ: Acl = {
  resource: 'topic',
  name: 'orders',
  pattern: 'literal',
  permission: 'ALLOW',
  principal: 'User:app',
  host: '*',
  operation: 'READ',
};

const explain = (acl: Partial<Acl>, text: string) =>
  asked(text, (flow, written) => explainAcl(flow, { ...READ, ...acl }, written));

describe('an ACL of a topic that is replicated', () => {
  test.each([
    ['ALLOW', 'READ', 'READ', Rule.AclKept],
    ['ALLOW', 'DESCRIBE', 'DESCRIBE', Rule.AclKept],
    ['ALLOW', 'ALTER', 'ALTER', Rule.AclKept],
    ['ALLOW', 'ALL', 'READ', Rule.AclReduced],
    ['DENY', 'WRITE', 'WRITE', Rule.AclKept],
    ['DENY', 'ALL', 'ALL', Rule.AclKept],
  ] as const)('%s %s becomes %s of the copy', (permission, operation, remote, rule) => {
    const found = explain({ permission, operation }, properties());

    expect(found.remoteAcl).toEqual({ ...READ, permission, operation: remote, name: 'us-east.orders' });
    expect(found.because.map((each) => each.rule)).toEqual([rule]);
  });

  test.each([
    [{ operation: 'WRITE' }, Rule.AclWrite],
    [{ permission: 'DENY', operation: 'WRITE', principal: 'User:*' }, Rule.AclFence],
    [{ pattern: 'prefixed' }, Rule.AclPattern],
    [{ resource: 'group', name: 'billing' }, Rule.AclResource],
    [{ resource: 'cluster', name: 'kafka-cluster' }, Rule.AclResource],
  ] as const)('%j is not replicated, which no setting changes', (acl, rule) => {
    const found = explain(acl, properties());

    expect(found).toMatchObject({ replicated: false, changes: [] });
    expect(found).not.toHaveProperty('remoteAcl');
    expect(found.because.map((each) => each.rule)).toEqual([rule]);
  });

  test('is not replicated while its topic is not, for the same reasons', () => {
    const text = properties('sync.topic.acls.enabled = false', 'topics = payments');
    const found = explain({}, text);

    expect(found.because.map(({ rule, place }) => [rule, place?.line])).toEqual([
      [Rule.AclSyncOff, 5],
      [Rule.NotNamed, 6],
    ]);
    expect(explain({}, changed(text, found.changes))).toMatchObject({ replicated: true });
  });

  test('for every topic of the source is none for every copy: it is given there by hand', () => {
    const found = explain({ name: '*' }, properties());

    expect(found).toMatchObject({ replicated: false, because: [{ rule: Rule.AclPattern }] });
    expect(found.because[0]?.says).toContain('every topic of us-east, whether it is replicated or not');
    expect(found.facts[0]?.text).toContain('grant it in us-west yourself');
  });
});

describe('the options of kafka-acls', () => {
  const acls = async (...args: readonly string[]) => {
    const { out, err, exitCode } = await causeway(['explain', '--acl', '--json', ...args], properties());
    return { exitCode, answers: err === '' ? JSON.parse(out).answers : [], err };
  };

  test('describe one ACL for each operation, in any of its spellings', async () => {
    const { answers, exitCode } = await acls(
      ...['--topic', 'orders', '--deny-principal', 'User:x', '--deny-host', '10.0.0.1'],
      ...['--operation', 'describe-configs', '--operation', 'ALTER_CONFIGS', '--operation', 'Read'],
    );

    expect(exitCode).toBe(0);
    expect(answers.map(({ acl }: { acl: Acl }) => acl.operation)).toEqual([
      'DESCRIBE_CONFIGS',
      'ALTER_CONFIGS',
      'READ',
    ]);
    expect(answers[0].acl).toMatchObject({ permission: 'DENY', principal: 'User:x', host: '10.0.0.1', name: 'orders' });
  });

  test('mean all operations, all hosts and this very topic by default', async () => {
    const { answers } = await acls('orders', '--allow-principal', 'User:x');

    expect(answers[0].acl).toEqual({ ...READ, principal: 'User:x', operation: 'ALL' });
  });

  test.each([
    [['--topic', 'orders'], 'an ACL has one principal'],
    [['--allow-principal', 'User:x'], 'an ACL is about something'],
    [['--topic', 'a', '--group', 'b', '--allow-principal', 'User:x'], 'an ACL is about one thing'],
    [['--topic', 'a', '--allow-principal', 'User:x', '--operation', 'Raed'], 'did you mean Read?'],
    [['--topic', 'a', '--allow-principal', 'User:x', '--resource-pattern-type', 'any'], 'any is no type of pattern'],
  ])('%j are refused: %s', async (args, message) => {
    const { exitCode, err } = await acls(...args);

    expect(exitCode).toBe(2);
    expect(JSON.parse(err).error.what).toContain(message);
  });
});
