import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * The class path of a library with all that it depends on, fetched by Maven as this machine has it set up.
 *
 * @param coordinates - such as `software.amazon.kinesis:amazon-kinesis-client:3.1.3`
 */
export async function classPathOf(coordinates: string): Promise<string> {
  const [group, artifact, version] = coordinates.split(':');
  const directory = await mkdtemp(join(tmpdir(), 'java-library-'));
  try {
    const pom = join(directory, 'pom.xml');
    const output = join(directory, 'class-path');
    await writeFile(
      pom,
      `<project xmlns="http://maven.apache.org/POM/4.0.0">
        <modelVersion>4.0.0</modelVersion>
        <groupId>test</groupId><artifactId>test</artifactId><version>1</version>
        <dependencies><dependency>
          <groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>
        </dependency></dependencies>
      </project>`,
    );
    await run('mvn', [
      '--batch-mode',
      '--quiet',
      '--strict-checksums',
      '--file',
      pom,
      'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:build-classpath',
      `-Dmdep.outputFile=${output}`,
    ]);
    return await readFile(output, 'utf8');
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Makes a key store by which Java trusts a certificate authority. */
export async function trustStoreOf(caFile: string, directory: string): Promise<string> {
  const store = join(directory, 'trust.p12');
  await run('keytool', [
    '-importcert',
    '-noprompt',
    '-alias',
    'ca',
    '-file',
    caFile,
    '-keystore',
    store,
    '-storepass',
    'changeit',
  ]);
  return store;
}
