import type { z } from 'zod';

import type { DocumentedAnswer } from './route-document.js';

/** The answers of a route that always answers 200 with one form of JSON. */
export function answers200(description: string, schema: z.ZodType): Record<200, DocumentedAnswer> {
  return { 200: { description, schema } };
}

/** The answer of a route that only removes something. */
export const removed: Record<204, DocumentedAnswer> = { 204: { description: 'Removed. There is no body.' } };

/** A page for browsers. */
export const htmlPage: DocumentedAnswer = { description: 'A page for browsers.', types: ['text/html'] };
