/**
 * The body of a provider's answer, as far as it could be read. The rules of a tool use only `json`. Every other kind
 * proves nothing.
 */
export type AnswerBody =
  /** Whole, decoded and JSON. `text` has neither a byte order mark nor a coding. */
  | { readonly kind: 'json'; readonly text: string }
  /** Whole and decoded, but not JSON, or JSON too deep for readers. */
  | { readonly kind: 'text'; readonly text: string }
  /** Whole, but not a text that the mesh can decode. */
  | {
      readonly kind: 'binary';
      readonly bytes: Uint8Array;
      readonly contentType?: string;
      /** The content codings that are still on `bytes`, as the provider names them. */
      readonly contentEncoding?: string;
      /** Why a text could not be decoded. Absent when the body is not a text. */
      readonly undecodable?: string;
    }
  /** Whole and empty. */
  | { readonly kind: 'empty' }
  /** Larger than the tool allows. */
  | { readonly kind: 'cut'; readonly limitBytes: number }
  /** The connection ended before the body did, or the body is damaged. */
  | { readonly kind: 'broken' };
