/** The members that may be undefined become optional, and lose `undefined`. */
export type Defined<Members extends object> = {
  [Name in keyof Members as undefined extends Members[Name] ? never : Name]: Members[Name];
} & {
  [Name in keyof Members as undefined extends Members[Name] ? Name : never]?: Exclude<
    Members[Name],
    undefined
  >;
};

/**
 * The members that have a value, for a type with optional members: `{ id, ...defined({ reason }) }` has no `reason` where
 * it is undefined.
 */
export function defined<Members extends object>(members: Members): Defined<Members> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(members)) if (value !== undefined) result[name] = value;
  return result as Defined<Members>;
}
