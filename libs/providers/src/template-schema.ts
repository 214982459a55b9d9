import { integrationIdSchema } from '@action-mesh/contracts/auth-broker';
import { z } from 'zod';

/**
 * An address, in which `{name}` stands for a setting or a field: `https://{subdomain}.example.com/token`. It begins with
 * a scheme, or with a setting that is a whole address: `{server}/oauth/token`.
 */
export const templateSchema = z
  .string()
  .max(500)
  .regex(
    /^(https?:\/\/|\{[a-z][a-z0-9-]*\})[^\s?#]*(\?[^\s#]*)?$/,
    'must be an http or https address, or begin with a setting in braces',
  );

export const pointerSchema = z
  .string()
  .regex(/^(\/([^/~]|~[01])*)+$/, 'must be a JSON pointer such as /team/id');

export const parametersSchema = z.record(z.string().min(1).max(100), z.string().max(1_000));

/**
 * A pattern for a whole text. At most one part repeats, so a match takes time linear in the text. A part that occurs once
 * or never does not count.
 */
export const patternSchema = z.string().min(1).max(200).refine(isLinear, {
  message: 'must repeat at most one part, once, without a reference back and without lookaround',
});

/** The pattern of settings that are whole addresses. A public server needs https; `resolveTemplate` checks that too. */
export const addressPattern = 'https?:\\/\\/[^\\s?#@{}\\\\]{1,480}';

/** A value for a template that the tenant gives in its integration. */
export const settingSchema = z.strictObject({
  name: integrationIdSchema,
  label: z.string().min(1).max(100),
  /** For the whole value. Values go into host names and paths, so it must be narrow. */
  pattern: patternSchema,
  /**
   * True: the value is a whole address without query, and stands at the beginning of its templates. Its pattern is
   * `addressPattern`. @default false
   */
  isUrl: z.literal(true).optional(),
  help: z.string().max(300).optional(),
  example: z.string().max(200).optional(),
  /** Absent: the tenant must give it. An empty text: the tenant may leave it out. */
  default: z.string().max(200).optional(),
});

/** A field that the user enters on the connect page. */
export const fieldSchema = z.strictObject({
  name: integrationIdSchema,
  label: z.string().min(1).max(100),
  secret: z.boolean(),
  /** True: the user may leave it empty. @default false */
  optional: z.literal(true).optional(),
  pattern: patternSchema.optional(),
  help: z.string().max(300).optional(),
});

/** Whether a pattern compiles and repeats at most one part, outside of any other repetition. */
function isLinear(pattern: string): boolean {
  if (/\\[1-9k]|\(\?(?!:)/.test(pattern)) return false;
  try {
    new RegExp(`^(?:${pattern})$`, 'u');
  } catch {
    return false;
  }
  // Classes and escaped letters become one letter. Only the structure remains.
  const structure = pattern.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x');
  const repetitions = [...structure.matchAll(/[*+]|\{(\d+)(,?)(\d*)\}/g)].filter(
    ([, least, comma]) => least === undefined || comma === ',' || Number(least) > 1,
  );
  const variable = repetitions.filter(([, least, comma]) => least === undefined || comma === ',');
  // Each `?` can double the ways to match. A group that repeats would repeat its parts too.
  const optional = [...structure.replaceAll('(?:', '(').matchAll(/\?/g)].length;
  return variable.length <= 1 && optional <= 4 && !/\)(?:[*+]|\{)/.test(structure);
}
