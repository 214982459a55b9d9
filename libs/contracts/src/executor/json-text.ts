import { JsonText } from '@action-mesh/kernel';
import { z } from 'zod';

/** A JSON value as its exact text. Between services, the text travels as a string. */
export const jsonTextSchema = z.union([
  z.instanceof(JsonText),
  z.string().transform((text) => new JsonText(text)),
]);
