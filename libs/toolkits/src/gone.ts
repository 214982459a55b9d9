import type { AnswerDefinition } from '@action-mesh/tools';

/** Answers to a repeated deletion: its target is already gone, so the call succeeds. */
export const gone: readonly AnswerDefinition[] = [{ status: 404, means: 'done' }];
