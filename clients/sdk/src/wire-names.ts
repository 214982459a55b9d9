type SnakeToCamel<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<SnakeToCamel<Tail>>}`
  : Name;

/** The members of a wire type under names in camel case. */
export type CamelNames<T> = {
  readonly [K in keyof T as K extends string ? SnakeToCamel<K> : K]: T[K] | undefined;
};

/** The members under their names on the wire: `userId` becomes `user_id`. Values stay, and undefined ones go. */
export function wireNames(options: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]),
  );
}
