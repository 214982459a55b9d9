import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Arguments for `node` that run one of our entry files: compiled when this code is compiled, otherwise from source. */
export function nodeProgram(relativePath: string, base: string): string[] {
  if (!base.endsWith('.ts')) return [fileURLToPath(new URL(`${relativePath}.js`, base))];
  const tsx = pathToFileURL(createRequire(base).resolve('tsx')).href;
  const file = fileURLToPath(new URL(`${relativePath}.ts`, base));
  return ['--conditions=@action-mesh/source', '--import', tsx, file];
}
