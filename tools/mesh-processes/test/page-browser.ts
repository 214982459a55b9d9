/** A page as a browser without scripts sees it. */
export interface SeenPage {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  readonly location: string;
  /** The address to which the page leads at once. */
  readonly forward: string;
  readonly formToken: string;
  readonly heading: string;
}

/** A browser that keeps cookies and follows nothing by itself. */
export class PageBrowser {
  readonly #origin: string;
  readonly #cookies = new Map<string, string>();

  constructor(origin: string) {
    this.#origin = origin;
  }

  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  get(target: string): Promise<SeenPage> {
    return this.#send('GET', target);
  }

  /** Presses a button of the page: sends its form with the token of the page. */
  async press(path: string, step: string, fields: Readonly<Record<string, string>> = {}): Promise<SeenPage> {
    const { formToken } = await this.get(path);
    return this.post(path, { step, form_token: formToken, ...fields });
  }

  post(path: string, form: Readonly<Record<string, string>>): Promise<SeenPage> {
    return this.#send('POST', path, new URLSearchParams(form).toString());
  }

  async #send(method: string, target: string, form?: string): Promise<SeenPage> {
    const response = await fetch(new URL(target, this.#origin), {
      method,
      redirect: 'manual',
      headers: {
        ...(this.#cookies.size === 0 ? {} : { cookie: this.cookie }),
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(form === undefined ? {} : { body: form }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      this.#cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    const html = await response.text();
    const found = (pattern: RegExp): string => unescaped(pattern.exec(html)?.[1] ?? '');
    return {
      status: response.status,
      headers: response.headers,
      html,
      location: response.headers.get('location') ?? '',
      forward: found(/http-equiv="refresh" content="0; url=([^"]+)"/),
      formToken: found(/name="form_token" value="([^"]+)"/),
      heading: found(/<h1>([^<]*)<\/h1>/),
    };
  }
}

function unescaped(text: string): string {
  return text.replaceAll('&amp;', '&').replaceAll('&#39;', "'").replaceAll('&quot;', '"');
}
