import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../setup/project.ts';
import { findJava } from '../setup/requirements.mjs';
import { type ClusterSecurity, scramArguments } from './cluster-security.ts';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/** Kafka's classes as the JVM left them in memory, mapped in at the next start. */
export function classArchive(jars: string): string {
  return join(jars, 'broker.jsa');
}

/** 16 bytes in base64url. The first is fixed: an id that begins with `-` is taken for an option. */
export function newClusterId(): string {
  return Buffer.concat([Buffer.from('A'), randomBytes(15)]).toString('base64url');
}

export interface Format {
  readonly propertiesFile: string;
  readonly clusterId: string;
  /** A controller forms the quorum by itself, a broker apart from it joins. */
  readonly formsQuorum: boolean;
  readonly security?: ClusterSecurity;
}

/** Gives a node's data folder its identity, and a secured cluster its users. */
export function formatCommand(jars: string, { propertiesFile, clusterId, formsQuorum, security }: Format): Command {
  const quorum = formsQuorum ? '--standalone' : '--no-initial-controllers';
  const users = security ? scramArguments(security) : [];
  const args = ['format', quorum, '-t', clusterId, '-c', propertiesFile, ...users];
  return java(jars, ['-XX:TieredStopAtLevel=1'], 'kafka.tools.StorageTool', args);
}

/** Runs a broker or controller in the foreground. */
export function nodeCommand(jars: string, propertiesFile: string, javaOptions: readonly string[]): Command {
  return java(jars, ['-Xms256m', '-Xmx512m', ...javaOptions], 'kafka.Kafka', [propertiesFile]);
}

function java(jars: string, options: readonly string[], mainClass: string, args: readonly string[]): Command {
  const archive = existsSync(classArchive(jars)) ? [`-XX:SharedArchiveFile=${classArchive(jars)}`, '-Xshare:auto'] : [];
  const logging = `-Dlog4j2.configurationFile=${join(projectRoot, 'local', 'kafka', 'log4j2.xml')}`;
  const classPath = ['-cp', join(jars, '*')];
  return { program: findJava() ?? 'java', args: [...archive, logging, ...options, ...classPath, mainClass, ...args] };
}
