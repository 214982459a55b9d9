const credentialHint =
  'Give the executor the variable CREDENTIAL_ and the slug of the provider in capitals, ' +
  'with the value "https://api.example.com bearer:TOKEN"; connections of users are not built yet';

/** Headers that the HTTP client, the executor's credentials or the tracing of the mesh sets itself. */
const reserved: ReadonlySet<string> = new Set([
  'baggage',
  'connection',
  'content-encoding',
  'content-length',
  'cookie',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'set-cookie',
  'te',
  'trailer',
  'traceparent',
  'tracestate',
  'transfer-encoding',
  'upgrade',
]);

/** A token (RFC 9110, 5.6.2), in lower case. */
const headerName = /^[a-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
const headerValue = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
const mediaTypes = {
  json: {
    syntax: /^application\/(?:[a-z0-9.+-]+\+)?json(?:\s*;.*)?$/i,
    problem: 'a JSON media type, because the body is JSON',
  },
  form: {
    syntax: /^application\/x-www-form-urlencoded(?:\s*;.*)?$/i,
    problem: '"application/x-www-form-urlencoded", because the body is a form',
  },
  multipart: { syntax: /^(?!)/, problem: 'left out: it names the boundary, which the mesh chooses' },
  bytes: {
    syntax: /^(?!)/,
    problem: 'left out: the file has its own ("files" sets the type of files without one)',
  },
} as const;

/** The reason that a tool may not set this header, or `undefined` if it may. */
export function headerNameProblem(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (!headerName.test(lower))
    return "must be a header name: letters, digits and !#$%&'*+-.^_`|~, 100 at most";
  // An object would not keep it as a member.
  if (lower === '__proto__') return 'must not be "__proto__"';
  if (lower === 'authorization') return `must not be "authorization": the mesh sets it. ${credentialHint}`;
  if (reserved.has(lower) || lower.startsWith('mesh-')) return `must not be "${lower}": the mesh sets it`;
  return undefined;
}

/**
 * The reason that a tool with a body in this encoding may not send this fixed value, or `undefined` if it may. `name`
 * is in lower case.
 */
export function headerValueProblem(
  name: string,
  value: string,
  encoding: keyof typeof mediaTypes,
): string | undefined {
  if (!headerValue.test(value)) return 'must be printable ASCII without spaces at its ends';
  const { syntax, problem } = mediaTypes[encoding];
  return name === 'content-type' && !syntax.test(value) ? `must be ${problem}` : undefined;
}
