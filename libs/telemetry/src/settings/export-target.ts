import type { Decorate } from '../export/readable-span.js';

/** A receiver of spans. */
export interface ExportTarget {
  /** `otlp`, or the name of a preset. */
  readonly name: string;
  /** The whole address, with `/v1/traces`. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly protocol: 'protobuf' | 'json';
  /** Milliseconds for one batch. */
  readonly timeoutMs: number;
  /** Adds the attributes that the receiver's documentation asks for. */
  readonly decorate?: Decorate;
}
