/**
 * Closes the resources of a service in the reverse order of their opening, since a later resource may need an earlier
 * one. (`AsyncDisposableStack` does this from Node 24 on.)
 */
export class OpenResources implements AsyncDisposable {
  #closers: (() => unknown)[] = [];
  #closed = false;

  /** Adds a resource and returns it. Closes the resource at once and throws when `close` has begun already. */
  add<Resource>(resource: Resource, close: (resource: Resource) => unknown): Resource {
    if (this.#closed) {
      void Promise.resolve(close(resource)).catch(() => undefined);
      throw new Error('opened after everything was closed');
    }
    this.#closers.push(() => close(resource));
    return resource;
  }

  /** Adds a resource that closes itself on disposal. */
  use<Resource extends AsyncDisposable>(resource: Resource): Resource {
    return this.add(resource, (used) => used[Symbol.asyncDispose]());
  }

  /** Closes every resource, even when some fail. Then throws the failures. */
  async close(): Promise<void> {
    this.#closed = true;
    const failures: unknown[] = [];
    for (const close of this.#closers.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be closed');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
