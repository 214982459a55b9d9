import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The lowest Java version for Apache Kafka 4. */
export const neededJava = 17;

/** The paths of the programs for native components. Undefined when a program is not installed. */
export interface Programs {
  readonly java?: { readonly path: string; readonly version: number };
  readonly maven?: string;
  readonly redisServer?: string;
}

/** Looks for the programs in JAVA_HOME and on the PATH. */
export async function findPrograms(environment: Readonly<NodeJS.ProcessEnv>): Promise<Programs> {
  const path = (environment['PATH'] ?? '').split(delimiter);
  const javaHome = environment['JAVA_HOME'];
  const javaPath = findExecutable('java', javaHome ? [join(javaHome, 'bin'), ...path] : path);
  const version = javaPath === undefined ? undefined : await javaVersion(javaPath);
  const maven = findExecutable('mvn', path);
  const redisServer = findExecutable('redis-server', path);
  return {
    ...(javaPath !== undefined && version !== undefined && { java: { path: javaPath, version } }),
    ...(maven !== undefined && { maven }),
    ...(redisServer !== undefined && { redisServer }),
  };
}

/** The major version in the output of `java -version`: 8 for "1.8.0_392", 17 for "17.0.15". */
export function parseJavaVersion(output: string): number | undefined {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(output) ?? [];
  if (first === undefined) return undefined;
  return first === '1' ? Number(second) : Number(first);
}

function javaVersion(java: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    // A `java` that is only a stub of the system fails here. It counts as absent.
    execFile(java, ['-version'], { timeout: 20_000 }, (error, stdout, stderr) =>
      resolve(error === null ? parseJavaVersion(stderr + stdout) : undefined),
    );
  });
}

function findExecutable(name: string, folders: readonly string[]): string | undefined {
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
