import { hexOf, millisecondsOf, nested, numberOf, protobufFields, textOf } from './otlp-protobuf.js';

type Attributes = Readonly<Record<string, unknown>>;

/** A span as an OTLP receiver gets it. */
export interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first span of a trace. */
  readonly parentSpanId: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Attributes;
  readonly resource: Attributes;
  readonly links: readonly {
    readonly traceId: string;
    readonly spanId: string;
    readonly attributes: Attributes;
  }[];
  /** 2: the span failed. */
  readonly status: number;
}

/** The spans of an OTLP request in protobuf. */
export function readSpans(body: Buffer): ReceivedSpan[] {
  return nested(protobufFields(body), 1).flatMap((resourceSpans) => {
    const fields = protobufFields(resourceSpans);
    const resource =
      nested(fields, 1).map((bytes) => attributesOf(nested(protobufFields(bytes), 1)))[0] ?? {};
    return nested(fields, 2)
      .flatMap((scopeSpans) => nested(protobufFields(scopeSpans), 2))
      .map((bytes) => readSpan(bytes, resource));
  });
}

function readSpan(bytes: Buffer, resource: Attributes): ReceivedSpan {
  const fields = protobufFields(bytes);
  return {
    name: textOf(fields, 5),
    traceId: hexOf(fields, 1),
    spanId: hexOf(fields, 2),
    parentSpanId: hexOf(fields, 4),
    kind: numberOf(fields, 6),
    startMs: millisecondsOf(fields, 7),
    endMs: millisecondsOf(fields, 8),
    attributes: attributesOf(nested(fields, 9)),
    resource,
    links: nested(fields, 13).map((link) => {
      const members = protobufFields(link);
      return {
        traceId: hexOf(members, 1),
        spanId: hexOf(members, 2),
        attributes: attributesOf(nested(members, 4)),
      };
    }),
    status: nested(fields, 15).map((status) => numberOf(protobufFields(status), 3))[0] ?? 0,
  };
}

function attributesOf(pairs: readonly Buffer[]): Attributes {
  return Object.fromEntries(
    pairs.map((pair) => {
      const fields = protobufFields(pair);
      return [textOf(fields, 1), valueOf(nested(fields, 2)[0] ?? Buffer.alloc(0))];
    }),
  );
}

/** An `AnyValue`. */
function valueOf(bytes: Buffer): unknown {
  const [first] = protobufFields(bytes);
  if (first === undefined) return undefined;
  const [field, value] = first;
  if (field === 2) return value === 1;
  if (field === 4 && Buffer.isBuffer(value)) return value.readDoubleLE();
  if (field === 5 && Buffer.isBuffer(value)) return nested(protobufFields(value), 1).map(valueOf);
  return Buffer.isBuffer(value) ? value.toString('utf8') : value;
}
