/**
 * The body of a provider's answer, as far as it could be read. The rules of a tool look into `json` alone; every other
 * kind proves nothing.
 */
export type AnswerBody =
  /** Whole, decoded and JSON. `text` has neither a byte order mark nor a coding. */
  | { readonly kind: 'json'; readonly text: string }
  /** Whole, decoded and no JSON, or JSON deeper than readers can take. */
  | { readonly kind: 'text'; readonly text: string }
  /** Whole, and no text that the mesh can decode. */
  | {
      readonly kind: 'binary';
      readonly bytes: Uint8Array;
      readonly contentType?: string;
      /** The content codings that are still on `bytes`, as the provider names them. */
      readonly contentEncoding?: string;
      /** Why a text could not be decoded; absent: the body is no text. */
      readonly undecodable?: string;
    }
  /** Whole, and without a byte. */
  | { readonly kind: 'empty' }
  /** Larger than the tool allows. */
  | { readonly kind: 'cut'; readonly limitBytes: number }
  /** The connection ended before the body did, or the body is damaged. */
  | { readonly kind: 'broken' };
