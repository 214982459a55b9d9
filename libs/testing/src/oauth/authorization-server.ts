import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { KoaContextWithOIDC, Provider } from 'oidc-provider';

import { SimulatorError } from '../testing.errors.js';
import { authorizationServerConfiguration } from './authorization-server-configuration.js';
import type { AuthorizationServerOptions } from './authorization-server-options.js';
import { CookieBrowser } from './cookie-browser.js';
import { OAuthFaults, type OAuthEndpoint, type OAuthFault } from './oauth-fault.js';
import { bearerOf, bodyOf, OAuthRecord } from './oauth-record.js';

const mostRedirects = 12;

const endpointByPath: Readonly<Record<string, OAuthEndpoint>> = {
  '/auth': 'authorize',
  '/token': 'token',
  '/token/revocation': 'revocation',
  '/.well-known/openid-configuration': 'metadata',
  '/.well-known/oauth-authorization-server': 'metadata',
  '/me': 'me',
};

/**
 * A real authorization server (`oidc-provider`) on the loopback interface, in this process. Other processes reach it by
 * HTTP. `/api` answers every request with a live access token, and names the account of the token.
 */
export class AuthorizationServer implements AsyncDisposable {
  /** The issuer, and the beginning of each address. It has no slash at the end. */
  readonly url: string;
  readonly record = new OAuthRecord();
  readonly #server: Server;
  readonly #faults = new OAuthFaults();

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(options: AuthorizationServerOptions): Promise<AuthorizationServer> {
    // Loaded on demand: it costs every other test half a second.
    const { Provider } = await quietly(() => import('oidc-provider'));
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    const started = new AuthorizationServer(server);
    const configuration = authorizationServerConfiguration(options);
    const provider = await quietly(() => new Provider(started.url, configuration));
    started.#observe(provider);
    const handle = provider.callback();
    server.on('request', (request, response) => void handle(request, response));
    return started;
  }

  /** The host of every address, for allow lists. */
  get host(): string {
    return new URL(this.url).host;
  }

  get endpoints(): Readonly<
    Record<'authorization' | 'token' | 'revocation' | 'introspection' | 'me' | 'api', string>
  > {
    return {
      authorization: `${this.url}/auth`,
      token: `${this.url}/token`,
      revocation: `${this.url}/token/revocation`,
      introspection: `${this.url}/token/introspection`,
      me: `${this.url}/me`,
      api: `${this.url}/api`,
    };
  }

  /** Lets the next requests of an endpoint fail. */
  fail(fault: OAuthFault): void {
    this.#faults.add(fault);
  }

  /** Removes all faults. */
  heal(): void {
    this.#faults.heal();
  }

  /**
   * Logs in and gives (or denies) consent, as a user with a browser. Resolves with the address to which the server sends
   * the browser back. Errors: `TESTING_SIMULATOR`.
   */
  async consent(url: string, user: { readonly login: string; readonly deny?: boolean }): Promise<string> {
    const browser = new CookieBrowser();
    let page = await browser.get(url);
    for (let count = 0; count < mostRedirects; count += 1) {
      if (page.location !== undefined) {
        if (!page.location.startsWith(`${this.url}/`)) return page.location;
        page = await browser.get(page.location);
        continue;
      }
      const action = /action="([^"]+)"/.exec(page.body)?.[1];
      const prompt = /name="prompt" value="(\w+)"/.exec(page.body)?.[1];
      if (page.status !== 200 || action === undefined || prompt === undefined) break;
      const isDenied = prompt === 'consent' && user.deny === true;
      page = isDenied
        ? await browser.get(`${action}/abort`)
        : await browser.post(
            action,
            prompt === 'login' ? { prompt, login: user.login, password: 'x' } : { prompt },
          );
    }
    throw new SimulatorError(`the authorization server shows a page with status ${page.status} and no form`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#faults.close();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #observe(provider: Provider): void {
    provider.use(async (context, next) => {
      const endpoint = endpointByPath[context.path];
      const fault = this.#faults.take(endpoint);
      const isBefore = fault?.when !== 'after';
      if (isBefore) await this.#faults.wait(fault?.delayMs);
      if (!isBefore || fault?.answer === undefined) {
        if (context.path.startsWith('/api')) await this.#answerApi(provider, context);
        else await next();
      }
      const { oidc } = context as KoaContextWithOIDC & { oidc?: KoaContextWithOIDC['oidc'] };
      this.record.requests.push({
        endpoint: context.path.startsWith('/api') ? 'api' : (endpoint ?? 'other'),
        method: context.method,
        path: context.url,
        headers: context.headers,
        parameters: parametersIn(oidc),
      });
      if (!isBefore) await this.#faults.wait(fault.delayMs);
      const answer = fault?.answer;
      if (answer === undefined) return;
      context.respond = false;
      await this.#faults.spoil(
        context.res,
        typeof answer === 'object' && 'error' in answer
          ? {
              status: answer.error === 'invalid_client' ? 401 : 400,
              body: JSON.stringify({ error: answer.error }),
            }
          : answer,
      );
    });
    provider.on('grant.success', (context) => this.#redeemed(context, true));
    provider.on('grant.error', (context) => this.#redeemed(context, false));
  }

  #redeemed({ oidc }: KoaContextWithOIDC, isAccepted: boolean): void {
    const token = parametersIn(oidc)['refresh_token'];
    if (token !== undefined) this.record.presented(token, isAccepted);
  }

  async #answerApi(
    provider: Provider,
    context: Pick<KoaContextWithOIDC, 'req' | 'headers' | 'method' | 'url' | 'status' | 'body'>,
  ): Promise<void> {
    const body = await bodyOf(context.req);
    const bearer = bearerOf(context.headers);
    const token = bearer === undefined ? undefined : await provider.AccessToken.find(bearer);
    const account = token?.accountId;
    this.record.calls.push({
      method: context.method,
      path: context.url,
      body,
      ...(account === undefined ? {} : { account }),
    });
    context.status = account === undefined ? 401 : 200;
    context.body =
      account === undefined
        ? { error: 'invalid_token' }
        : { account, method: context.method, path: context.url, body };
  }
}

/** Starts an authorization server on a free port of the loopback interface. */
export function startAuthorizationServer(options: AuthorizationServerOptions): Promise<AuthorizationServer> {
  return AuthorizationServer.start(options);
}

function parametersIn(oidc: { readonly params?: unknown } | undefined): Readonly<Record<string, string>> {
  const known = Object.entries((oidc?.params ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    known.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

/** Runs a step without the warnings of `oidc-provider`: every one of them is about production. */
async function quietly<Result>(step: () => Result | Promise<Result>): Promise<Result> {
  const { warn } = console;
  console.warn = (...parts: unknown[]): void => {
    if (!String(parts[0]).includes('oidc-provider WARNING')) warn(...parts);
  };
  try {
    return await step();
  } finally {
    console.warn = warn;
  }
}
