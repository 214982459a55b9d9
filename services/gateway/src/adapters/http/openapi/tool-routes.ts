import { toolkitVersionSchema, toolSlugSchema } from '@action-mesh/contracts/catalog';
import { toolSelectorSchema, type RouteName } from '@action-mesh/contracts/gateway';
import { z } from 'zod';

import { toolQuerySchema } from '../../../application/tool-query.js';
import { answers200 } from './answers.js';
import {
  emptyBodySchema,
  overrideProposalSchema,
  stableMoveSchema,
  toolkitImportSchema,
} from './request-schemas.js';
import type { RouteDocument } from './route-document.js';
import {
  deletedToolkitSchema,
  importedToolkitSchema,
  overrideListSchema,
  reviewedOverrideSchema,
  toolkitChangesSchema,
  toolkitListSchema,
  toolkitViewSchema,
  toolListSchema,
  toolVersionsSchema,
} from './tool-answer-schemas.js';

const changes = ['not_in_catalog', 'invalid_catalog_request', 'catalog_refused', 'toolkit_changed'] as const;

/** The routes for tools and toolkits. */
export const toolRoutes = {
  listTools: {
    area: 'tools',
    description: 'A search by `query` gives the best first. `cursor` of an answer gives the next page.',
    query: toolQuerySchema,
    answers: answers200('A page of tools.', toolListSchema),
  },
  findTool: {
    area: 'tools',
    query: z.object({ version: toolSelectorSchema.optional() }),
    answers: answers200('The tool.', toolVersionsSchema),
    problems: ['tool_not_found', 'tool_version_not_found'],
  },
  listToolkits: {
    area: 'tools',
    answers: answers200('The toolkits.', toolkitListSchema),
    problems: ['key_limited'],
  },
  findToolkit: {
    area: 'tools',
    answers: answers200('The toolkit.', toolkitViewSchema),
    problems: ['key_limited', 'not_in_catalog'],
  },
  compareToolkit: {
    area: 'tools',
    query: z.object({ from: toolkitVersionSchema.optional(), to: toolkitVersionSchema.optional() }),
    answers: answers200('The differences between the dates.', toolkitChangesSchema),
    problems: ['key_limited', 'not_in_catalog', 'invalid_catalog_request'],
  },
  importToolkit: {
    area: 'tools',
    body: toolkitImportSchema,
    answers: {
      201: { description: 'The result of the import.', schema: importedToolkitSchema },
    },
    problems: [...changes, 'tool_name_taken'],
  },
  setStable: {
    area: 'tools',
    body: stableMoveSchema,
    answers: answers200('The toolkit.', toolkitViewSchema),
    problems: changes,
  },
  removeToolkit: {
    area: 'tools',
    query: z.object({ confirm: toolSlugSchema.optional() }),
    answers: answers200('Everything that was deleted.', deletedToolkitSchema),
    problems: changes,
  },
  retireToolkit: {
    area: 'tools',
    answers: answers200('The toolkit.', toolkitViewSchema),
    problems: changes,
  },
  listOverrides: {
    area: 'tools',
    answers: answers200('The overrides.', overrideListSchema),
    problems: ['key_limited', 'not_in_catalog'],
  },
  proposeOverride: {
    area: 'tools',
    body: overrideProposalSchema,
    answers: { 201: { description: 'The proposal.', schema: reviewedOverrideSchema } },
    problems: [...changes, 'tool_name_taken'],
  },
  approveOverride: {
    area: 'tools',
    body: emptyBodySchema,
    isBodyOptional: true,
    answers: answers200('The approved override.', reviewedOverrideSchema),
    problems: [...changes, 'tool_name_taken'],
  },
  rejectOverride: {
    area: 'tools',
    body: emptyBodySchema,
    isBodyOptional: true,
    answers: answers200('The rejected override.', reviewedOverrideSchema),
    problems: changes,
  },
} as const satisfies Partial<Record<RouteName, RouteDocument>>;
