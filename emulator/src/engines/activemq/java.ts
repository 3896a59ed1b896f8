import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../processes/run-program';

/** A Java runtime. */
export interface JavaRuntime {
  /** Path of `java`, or its name where the `PATH` leads to it. */
  readonly program: string;
  /** Such as 17. */
  readonly majorVersion: number;
}

/**
 * Finds the Java runtime that `JAVA_HOME` names, else the one in the `PATH`.
 *
 * @throws Error saying what was tried if none runs, or it is older than `atLeast`.
 */
export async function findJava(
  atLeast: number,
  javaHome = process.env.JAVA_HOME,
): Promise<JavaRuntime> {
  const program = javaHome ? join(javaHome, 'bin', 'java') : 'java';
  if (javaHome && !existsSync(program))
    throw new Error(`JAVA_HOME is ${javaHome}, which has no bin/java`);
  const majorVersion = await versionOf(program);
  if (majorVersion < atLeast)
    throw new Error(`${program} is Java ${majorVersion}; Java ${atLeast} or later is needed`);
  return { program, majorVersion };
}

async function versionOf(program: string): Promise<number> {
  let printed: string;
  try {
    printed = (await runProgram(program, ['-version'])).stderr;
  } catch (error) {
    throw new Error(
      `there is no Java runtime: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  // "1.8.0_392" in the old scheme, "17.0.15" in the new one.
  const [, first = '0', second = '0'] = /version "(\d+)(?:\.(\d+))?/.exec(printed) ?? [];
  return Number(first) === 1 ? Number(second) : Number(first);
}
