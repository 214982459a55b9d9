import { ToolPublished, type Tool } from '@action-mesh/contracts/catalog';

import type { Release } from './release-plan.js';

/** The key of a tool version on `mesh.tools` and in reports, `slug@version`. */
export function toolKey({ slug, version }: Pick<Tool, 'slug' | 'version'>): string {
  // A key is made of these two alone.
  return ToolPublished.key({ slug, version } as Tool);
}

/** The versions that belong to a date. */
export function keysOf({ tools }: Release): string[] {
  return Object.entries(tools).map(([slug, version]) => toolKey({ slug, version }));
}
