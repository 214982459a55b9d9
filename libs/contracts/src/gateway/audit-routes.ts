import { readRoute as read, removeRoute as remove } from './route.js';

/** The routes of the history. */
export const auditRoutes = {
  listEntries: read('/v1/audit/entries', 'audit:read', 'caller', 'List entries of the history'),
  tellCall: read(
    '/v1/calls/:id/story',
    'audit:read',
    'caller',
    'Tell a call as thought, action and observation',
  ),
  tellRun: read('/v1/runs/:id', 'audit:read', 'caller', 'Tell the calls of a run'),
  readCheckpoint: read('/v1/audit/checkpoint', 'audit:read', 'tenant', 'Fetch the signed end of the history'),
  verifyHistory: read('/v1/audit/verify', 'audit:read', 'tenant', 'Verify that nobody changed the history'),
  exportHistory: read('/v1/audit/export', 'audit:read', 'tenant', 'Export the history'),
  eraseUser: remove(
    '/v1/users/:user/data',
    'audit:admin',
    'tenant',
    'Erase the data of a user from the history',
  ),
} as const;
