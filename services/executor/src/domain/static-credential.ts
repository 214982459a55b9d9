/**
 * One credential for all calls to one provider, the same for every user. Read from a variable `CREDENTIAL_<PROVIDER>`.
 */
export interface StaticCredential {
  /** The provider's slug. */
  readonly provider: string;
  /** `https://api.example.com`: the only destination of the credential. */
  readonly origin: string;
  readonly variable: string;
  readonly place: { readonly in: 'header' | 'query'; readonly name: string; readonly value: string };
  /** The secret in each form in which a provider may repeat it, the longest first. */
  readonly secrets: readonly string[];
}

/** Finds the static credential of a request to this URL of this provider. */
export type FindCredential = (provider: string, url: string) => StaticCredential | undefined;

/** Finds the credential of a request's provider, if the request goes to the origin of the credential. */
export function findCredential(credentials: readonly StaticCredential[]): FindCredential {
  const byProvider = new Map(credentials.map((credential) => [credential.provider, credential]));
  return (provider, url) => {
    const credential = byProvider.get(provider);
    return credential !== undefined && new URL(url).origin === credential.origin ? credential : undefined;
  };
}
