import type { AnswerDefinition } from '@action-mesh/tools';

/** To a repeated deletion: what it was to delete is gone. */
export const gone: readonly AnswerDefinition[] = [{ status: 404, means: 'done' }];
