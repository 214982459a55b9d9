import type { Tool } from '@action-mesh/contracts/catalog';

import type { FlowToolEffect } from '../tool-declaration.js';
import { schemaType } from './schema-type.js';

/** A tool that a draft calls and the catalog does not have. A deployment is refused until it does. */
export interface WantedTool {
  readonly slug: string;
  /** One line for the person who adds the tool. */
  readonly description: string;
  readonly effect: FlowToolEffect;
}

/** A comment ends at its line and cannot be closed by text of strangers. */
const oneLine = (value: string) => value.replaceAll(/\s+/g, ' ').replaceAll('*/', '* /').trim().slice(0, 200);

/**
 * The text of `tools.ts`: one declaration per tool, sorted by slug, each pinned to the version given. The same tools
 * give the same bytes. Results are `Dynamic`: a provider may leave out what its schema names.
 */
export function toolsFile(tools: readonly Tool[], wanted: readonly WantedTool[], api: string): string {
  const declared = [
    ...tools.map((tool) => ({ slug: tool.slug, lines: toolLines(tool) })),
    ...wanted.map((tool) => ({ slug: tool.slug, lines: wantedLines(tool) })),
  ].sort((a, b) => (a.slug < b.slug ? -1 : a.slug > b.slug ? 1 : 0));
  return [
    '// Generated from the catalog. Generate it again instead of editing it.',
    `import { declareTool, type Dynamic } from '${api}';`,
    ...declared.flatMap(({ lines }) => ['', ...lines]),
    '',
  ].join('\n');
}

function toolLines({ slug, version, description, input, effect }: Tool): string[] {
  return [
    `/** ${oneLine(description)} */`,
    `export const ${slug} = declareTool<${schemaType(input)}, Dynamic>({`,
    `  slug: '${slug}',`,
    `  version: '${version}',`,
    `  effect: '${effect.class}',`,
    '});',
  ];
}

function wantedLines({ slug, description, effect }: WantedTool): string[] {
  return [
    `/** Not in the catalog yet: ${oneLine(description)} */`,
    `export const ${slug} = declareTool<Dynamic, Dynamic>({`,
    `  slug: '${slug}',`,
    `  effect: '${effect}',`,
    '});',
  ];
}
