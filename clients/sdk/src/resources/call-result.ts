/** The result of a call, as its provider gave it. */
export class ExactResult {
  readonly contentType: string;
  readonly bytes: Uint8Array;

  constructor(contentType: string, bytes: Uint8Array) {
    this.contentType = contentType;
    this.bytes = bytes;
  }

  /** The exact text: no digit of a number is lost. */
  text(): string {
    return new TextDecoder().decode(this.bytes);
  }
}
