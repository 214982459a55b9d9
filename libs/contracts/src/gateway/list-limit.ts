import { z } from 'zod';

/** How many entries a list holds: a whole number in decimal digits. Texts such as `1e2` and `0x10` are none. */
export function listLimitSchema(most: number) {
  return z.preprocess(
    (given) => (typeof given === 'string' && /^[0-9]{1,9}$/.test(given) ? Number(given) : given),
    z
      .int({ error: 'must be a whole number in digits' })
      .min(1, 'must be at least 1')
      .max(most, `must be at most ${most}`),
  );
}
