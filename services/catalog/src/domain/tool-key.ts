import { ToolPublished, type Tool } from '@action-mesh/contracts/catalog';

import type { Release } from './release-plan.js';

/** The key of a tool version on `mesh.tools` and in reports, `slug@version`. */
export function toolKey({ slug, version }: Pick<Tool, 'slug' | 'version'>): string {
  // The key consists of these two members only.
  return ToolPublished.key({ slug, version } as Tool);
}

/** The keys of the versions that belong to a date. */
export function keysOf({ tools }: Release): string[] {
  return Object.entries(tools).map(([slug, version]) => toolKey({ slug, version }));
}
