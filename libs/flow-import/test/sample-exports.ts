import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** The folder of sample exports: FLOW_EXPORTS, or `shared/exports` beside the repository. Undefined: none here. */
export function exportsFolder(): string | undefined {
  const given = process.env['FLOW_EXPORTS'];
  if (given !== undefined && given !== '') return given;
  return [join(root, '../shared/exports')].find(existsSync);
}

/** The files of the folder, by format and name. */
export function sampleExports(): readonly string[] {
  const folder = exportsFolder();
  if (folder === undefined) return [];
  return ['golden', 'n8n', 'make', 'zapier'].flatMap((format) =>
    readdirSync(join(folder, format))
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(format, name)),
  );
}
