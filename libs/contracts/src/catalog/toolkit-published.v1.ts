import { defineEvent, type EventData } from '@action-mesh/kernel';
import { z } from 'zod';

import { semanticVersionSchema, toolSlugSchema } from '../gateway/index.js';
import { topics } from '../topics.js';

/** The day on which a toolkit was put together, and which of that day's it is: `2026-11-25`, `2026-11-25.2`. */
export const toolkitVersionSchema = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}(\.([2-9]|[1-9]\d{1,3}))?$/,
    'must be a date such as 2026-11-25, or 2026-11-25.2 for the second of a day',
  );

/** What a caller follows who pins no version: a name that moves from one toolkit version to the next. */
export const channelSchema = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'must match ^[a-z][a-z0-9-]{0,31}$');

/** Which version of each tool belongs together. What it holds never changes; the channels that stand at it do. */
export const ToolkitPublished = defineEvent({
  topic: topics.toolkits.name,
  type: 'mesh.toolkit.published',
  version: 1,
  description: 'A dated toolkit. A tombstone withdraws it.',
  key: ({ toolkit, version }) => `${toolkit}@${version}`,
  schema: z.object({
    toolkit: toolSlugSchema,
    version: toolkitVersionSchema,
    /** Versions by slug. */
    tools: z.record(toolSlugSchema, semanticVersionSchema),
    /** The channels that stand here. While one moves, it is for a moment at two versions, of which the newer date counts. */
    channels: z.array(channelSchema),
  }),
});

export type Toolkit = EventData<typeof ToolkitPublished>;
