import { z } from 'zod';

/**
 * A number in a query, such as the entries in a list: a whole number in decimal digits. Texts such as `1e2` and `0x10` are
 * refused.
 */
export function listLimitSchema(most: number, least = 1) {
  return z.preprocess(
    (given) => (typeof given === 'string' && /^[0-9]{1,9}$/.test(given) ? Number(given) : given),
    z
      .int({ error: 'must be a whole number in digits' })
      .min(least, `must be at least ${least}`)
      .max(most, `must be at most ${most}`),
  );
}
