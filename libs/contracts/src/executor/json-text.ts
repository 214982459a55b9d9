import { JsonText } from '@action-mesh/kernel';
import { z } from 'zod';

/** A JSON value as its exact text. Between services it is a string that holds the text. */
export const jsonTextSchema = z.union([
  z.instanceof(JsonText),
  z.string().transform((text) => new JsonText(text)),
]);
