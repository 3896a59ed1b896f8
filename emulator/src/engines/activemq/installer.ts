import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../processes/run-program';
import { engineCache } from './engine-cache';

/** The version that is installed unless another one is named. */
export const defaultActiveMqVersion = '5.18.3';

/** SHA-256 of the distributions that are known here; others are verified by what the repository publishes. */
const knownChecksums: Readonly<Record<string, string>> = {
  '5.18.3': '943381aa6d340707de6c42eadbf7b41b7fdf93df604156d972d50c4da783544f',
};

/** The plugin that copies an artifact out of the repository. */
const copyGoal = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy';

/**
 * Puts the binary distribution of ActiveMQ into the engine cache. It comes by its Maven coordinates through the user's
 * own Maven, with whatever mirrors and proxies that is set up for; Maven refuses it if its checksum is not the one
 * that the repository publishes.
 *
 * @returns its directory
 * @throws Error with what Maven or tar said, or naming a checksum that is not the known one.
 */
export async function installActiveMq(version = defaultActiveMqVersion): Promise<string> {
  if (!/^\d+\.\d+\.\d+$/.test(version))
    throw new Error(`a version of ActiveMQ looks like ${defaultActiveMqVersion}, got ${version}`);
  const name = `apache-activemq-${version}`;
  const target = join(engineCache(), name);
  if (existsSync(target)) return target;
  mkdirSync(engineCache(), { recursive: true });
  const aside = mkdtempSync(join(engineCache(), 'installing-'));
  try {
    await copyDistribution(version, aside);
    const archive = join(aside, `${name}-bin.tar.gz`);
    verify(archive, knownChecksums[version]);
    await runProgram('tar', ['-xzf', archive, '-C', aside]);
    renameSync(join(aside, name), target);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return target;
}

async function copyDistribution(version: string, directory: string): Promise<void> {
  const { HOME, JAVA_HOME, MAVEN_OPTS, PATH } = process.env;
  try {
    await runProgram(
      'mvn',
      [
        '--batch-mode',
        '--quiet',
        '--strict-checksums',
        copyGoal,
        `-Dartifact=org.apache.activemq:apache-activemq:${version}:tar.gz:bin`,
        `-DoutputDirectory=${directory}`,
      ],
      { environment: { HOME, JAVA_HOME, MAVEN_OPTS, PATH } },
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Maven could not fetch org.apache.activemq:apache-activemq:${version} (tar.gz, bin): ${reason}`,
    );
  }
}

function verify(archive: string, expected: string | undefined): void {
  if (expected === undefined) return;
  const actual = createHash('sha256').update(readFileSync(archive)).digest('hex');
  if (actual !== expected)
    throw new Error(`${archive} has SHA-256 ${actual}, which is not ${expected}`);
}
