import {
  auditCheckpointSchema,
  auditPageSchema,
  auditQuerySchema,
  callStorySchema,
  erasureViewSchema,
  exportQuerySchema,
  runQuerySchema,
  runStorySchema,
  verificationQuerySchema,
  verificationViewSchema,
} from '@action-mesh/contracts/audit';
import type { RouteName } from '@action-mesh/contracts/gateway';

import { answers200 } from './answers.js';
import type { RouteDocument } from './route-document.js';

const orText = { types: ['text/plain'] } as const;

/** The routes of the history. */
export const documentedAuditRoutes = {
  listEntries: {
    area: 'history',
    description: 'Arguments, results and thoughts are in `content`, without secrets.',
    query: auditQuerySchema,
    answers: answers200('Entries, the newest first.', auditPageSchema),
    problems: ['user_not_allowed'],
  },
  tellCall: {
    area: 'history',
    description: '`Accept: text/plain` gets the story for people.',
    answers: { 200: { description: 'The story of the call.', schema: callStorySchema, ...orText } },
    problems: ['call_not_found'],
  },
  tellRun: {
    area: 'history',
    description:
      'A duplicate of another call of the run counts as one of its `duplicates`. `Accept: text/plain` gets the stories for people.',
    query: runQuerySchema,
    answers: { 200: { description: 'The stories of the calls.', schema: runStorySchema, ...orText } },
    problems: ['run_not_found', 'invalid_request'],
  },
  readCheckpoint: {
    area: 'history',
    description:
      'Keep it elsewhere: with it, `npm run audit:verify` finds that somebody cut the history back.',
    answers: answers200('The signed end of the chain.', auditCheckpointSchema),
  },
  verifyHistory: {
    area: 'history',
    description: 'Verifies a part of the chain. Continue with `after` until `complete` is true.',
    query: verificationQuerySchema,
    answers: answers200('The verdict, with the first wrong place.', verificationViewSchema),
  },
  exportHistory: {
    area: 'history',
    description:
      'A JSONL export holds everything that `npm run audit:verify -- --file` needs. It ends with an `error` line if retention deleted entries meanwhile: export again.',
    query: exportQuerySchema,
    answers: {
      200: {
        description: 'The whole chain.',
        types: ['application/x-ndjson', 'application/vnd.apache.parquet'],
      },
    },
  },
  eraseUser: {
    area: 'history',
    description:
      'Erases arguments, results, thoughts and the name of the user from the history, and leaves a signed entry. Other records of the mesh are not touched.',
    answers: answers200('The number of emptied entries.', erasureViewSchema),
    problems: ['invalid_request'],
  },
} as const satisfies Partial<Record<RouteName, RouteDocument>>;
