import { request as httpRequest } from 'node:http';

interface Page {
  readonly status: number;
  readonly location?: string;
  readonly body: string;
}

/** The smallest browser that can log in: it keeps cookies and follows redirects within one origin. */
export class CookieBrowser {
  readonly #cookies = new Map<string, string>();

  get(url: string): Promise<Page> {
    return this.#send('GET', url);
  }

  post(url: string, form: Readonly<Record<string, string>>): Promise<Page> {
    return this.#send('POST', url, new URLSearchParams(form).toString());
  }

  /** Each request uses its own connection, so no socket stays open after the answer. */
  #send(method: string, url: string, form?: string): Promise<Page> {
    return new Promise((resolve, reject) => {
      const headers: Record<string, string> = {};
      if (this.#cookies.size > 0) headers['cookie'] = this.#cookieHeader();
      if (form !== undefined) headers['content-type'] = 'application/x-www-form-urlencoded';
      const request = httpRequest(url, { method, headers, agent: false }, (response) => {
        for (const cookie of response.headers['set-cookie'] ?? []) this.#keep(cookie);
        let body = '';
        response.setEncoding('utf8');
        response.on('error', reject);
        response.on('data', (piece: string) => (body += piece));
        response.on('end', () => {
          const { location } = response.headers;
          resolve({
            status: response.statusCode ?? 0,
            body,
            ...(location === undefined ? {} : { location: new URL(location, url).href }),
          });
        });
      });
      request.on('error', reject);
      request.end(form);
    });
  }

  #cookieHeader(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #keep(cookie: string): void {
    const [pair = ''] = cookie.split(';');
    const at = pair.indexOf('=');
    const name = pair.slice(0, at);
    const value = pair.slice(at + 1);
    if (value === '') this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}
