import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path';

import { errorMessage } from '@action-mesh/kernel';
import { build, type Plugin } from 'esbuild';

import type { FlowSettings } from '../../application/flow-bundles.port.js';
import { FlowBundleError } from '../../domain/flows.errors.js';

/** The code of a flow file with everything that it imports and its settings, and the digest. Equal sources have equal digests. */
export interface FlowBundle {
  readonly code: string;
  readonly digest: string;
}

/** The names under which authors import the authoring API. The runtime gives them its own, so that its errors are theirs. */
const apiNames = /^@action-mesh\/(sdk\/flows|flow-api)$/;
export const apiModule = '@action-mesh/flow-api';

/** The export of a bundle with the settings of its deployment. */
export const settingsName = 'meshDeploymentConfig';

const authoringApi: Plugin = {
  name: 'authoring-api',
  setup(builder) {
    builder.onResolve({ filter: apiNames }, () => ({ path: apiModule, external: true }));
  },
};

/** Bundles a flow file. Throws `FlowBundleError` for code that does not compile, or imports something of the system. */
export async function bundleFlow(file: string, config: FlowSettings): Promise<FlowBundle> {
  try {
    const { outputFiles } = await build({
      entryPoints: [basename(file)],
      absWorkingDir: dirname(file),
      bundle: true,
      format: 'esm',
      // Nothing of Node: a flow that reads files or opens connections would do so again in each replay.
      platform: 'neutral',
      mainFields: ['module', 'main'],
      target: 'node20',
      legalComments: 'none',
      write: false,
      logLevel: 'silent',
      plugins: [authoringApi],
    });
    const [output] = outputFiles;
    if (output === undefined) throw new Error('the compiler gave no output');
    const code = `${output.text}export const ${settingsName} = ${JSON.stringify(config)};\n`;
    return { code, digest: createHash('sha256').update(code).digest('hex') };
  } catch (error) {
    throw new FlowBundleError(
      `the flow file ${basename(file)} cannot be compiled: ${errorMessage(error).slice(0, 1_000)}`,
    );
  }
}
