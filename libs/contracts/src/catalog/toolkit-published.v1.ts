import { defineEvent, type EventData } from '@action-mesh/kernel';
import { z } from 'zod';

import {
  channelSchema,
  semanticVersionSchema,
  toolkitVersionSchema,
  toolSlugSchema,
} from '../gateway/index.js';
import { topics } from '../topics.js';

/** The versions of the tools that belong together. The tools of a dated toolkit never change; its channels do. */
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
     * The channels that stand at this version. A channel that moves stands at two versions for a moment; the newer one
     * counts. `latest` is absent where it may not be followed, as in production.
     */
    channels: z.array(channelSchema),
  }),
});

export type Toolkit = EventData<typeof ToolkitPublished>;
export type Channel = Toolkit['channels'][number];
