type Parameters = Readonly<Record<string, string>>;

/** The parameters of the protocol (RFC 6749, RFC 7636, RFC 7521, RFC 9101). Only this adapter sets them. */
const reserved: ReadonlySet<string> = new Set([
  'client_assertion',
  'client_assertion_type',
  'client_id',
  'client_secret',
  'code',
  'code_challenge',
  'code_challenge_method',
  'code_verifier',
  'grant_type',
  'redirect_uri',
  'refresh_token',
  'request',
  'request_uri',
  'response_type',
  'scope',
  'state',
]);

/**
 * Our parameters with those of the provider's data. A name of the protocol in the data has no effect, since
 * `simple-oauth2` lets any parameter replace its own.
 */
export function withExtras(extras: Parameters, own: Parameters): Parameters {
  return {
    ...Object.fromEntries(Object.entries(extras).filter(([name]) => !reserved.has(name.toLowerCase()))),
    ...own,
  };
}
