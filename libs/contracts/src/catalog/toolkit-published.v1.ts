import { defineEvent, type EventData } from '@action-mesh/kernel';
import { z } from 'zod';

import {
  channelSchema,
  semanticVersionSchema,
  toolkitVersionSchema,
  toolSlugSchema,
} from '../gateway/index.js';
import { topics } from '../topics.js';

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
    /**
     * The channels that stand here. While one moves, it is for a moment at two versions, of which the newer counts. No
     * version has `latest` where it may not be followed, which is so in production.
     */
    channels: z.array(channelSchema),
  }),
});

export type Toolkit = EventData<typeof ToolkitPublished>;
export type Channel = Toolkit['channels'][number];
