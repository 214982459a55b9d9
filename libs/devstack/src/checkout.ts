import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folders of a checkout for devstack. Without a state folder they lie below `.mesh/`, which git ignores. */
export interface Checkout {
  readonly root: string;
  /** The Kafka distribution. All runs share it and only read it. */
  readonly kafkaFolder: string;
  /** One folder per run. */
  readonly runsFolder: string;
  /** The folder of the servers' data, kept between runs of `npm start`. */
  readonly dataFolder: string;
  /** Describes the background stack of `npm run stack -- up`. */
  readonly stackFile: string;
  /** The static part of the native Kafka: Maven project and configuration. */
  readonly localDeploy: string;
}

/** Finds the checkout from the place of this file, so the working directory does not matter. */
export function findCheckout(stateFolder?: string, from: string = fileURLToPath(import.meta.url)): Checkout {
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    if (packageName(folder) === 'action-mesh')
      return checkoutAt(folder, stateFolder ?? join(folder, '.mesh'));
    if (dirname(folder) === folder) throw new Error(`no action-mesh checkout above ${from}`);
  }
}

function checkoutAt(root: string, stateFolder: string): Checkout {
  return {
    root,
    kafkaFolder: join(stateFolder, 'kafka'),
    runsFolder: join(stateFolder, 'runs'),
    dataFolder: join(stateFolder, 'data'),
    stackFile: join(stateFolder, 'stack.json'),
    localDeploy: join(root, 'deploy', 'local'),
  };
}

function packageName(folder: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string }).name;
  } catch {
    return undefined;
  }
}
