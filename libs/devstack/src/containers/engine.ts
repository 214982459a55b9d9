import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** True when a container engine answers. Loads testcontainers only after finding signs of an engine. */
export async function containerEngineAnswers(environment: Readonly<NodeJS.ProcessEnv>): Promise<boolean> {
  if (!hasTrace(environment)) return false;
  try {
    const { getContainerRuntimeClient } = await import('testcontainers');
    await getContainerRuntimeClient();
    return true;
  } catch {
    return false;
  }
}

function hasTrace(environment: Readonly<NodeJS.ProcessEnv>): boolean {
  if (environment['DOCKER_HOST'] || environment['TESTCONTAINERS_HOST_OVERRIDE']) return true;
  const runtimeFolder = environment['XDG_RUNTIME_DIR'] ?? `/run/user/${process.getuid?.() ?? 0}`;
  return [
    '/var/run/docker.sock',
    join(runtimeFolder, 'docker.sock'),
    join(runtimeFolder, 'podman', 'podman.sock'),
    join(homedir(), '.docker', 'run', 'docker.sock'),
    join(homedir(), '.docker', 'desktop', 'docker.sock'),
    join(homedir(), '.testcontainers.properties'),
  ].some((file) => existsSync(file));
}
