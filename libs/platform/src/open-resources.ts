/**
 * What a service has opened, closed in the opposite order: whoever was opened later may still need what was opened
 * before. (`AsyncDisposableStack` does this from Node 24 on.)
 */
export class OpenResources implements AsyncDisposable {
  #closers: (() => unknown)[] = [];
  #closed = false;

  /** Keeps the resource and returns it. What is opened after the end is closed at once, and the opener is told. */
  add<Resource>(resource: Resource, close: (resource: Resource) => unknown): Resource {
    if (this.#closed) {
      void Promise.resolve(close(resource)).catch(() => undefined);
      throw new Error('opened after everything was closed');
    }
    this.#closers.push(() => close(resource));
    return resource;
  }

  /** Keeps a resource that knows how to close itself. */
  use<Resource extends AsyncDisposable>(resource: Resource): Resource {
    return this.add(resource, (used) => used[Symbol.asyncDispose]());
  }

  /** Closes everything, even when some of it fails; then throws what failed. */
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
