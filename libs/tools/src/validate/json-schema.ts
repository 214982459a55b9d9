/** A JSON Schema 2020-12 document in the form of an object. */
export type JsonSchema = Readonly<Record<string, unknown>>;
