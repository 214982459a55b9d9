/**
 * A JSON value of unknown shape: an answer of a provider, the payload of a trigger. Its members are read without a
 * cast. Replace it by a type of your own where the shape is known.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- drafts read members of foreign data that no schema describes.
export type Dynamic = any;
