/**
 * The three functions of the Reflect metadata proposal that the injector inside @peculiar/x509 calls. It refuses to
 * load without them, and only ever asks for the metadata of a class itself. A full polyfill that was loaded before is
 * left alone. To be imported before @peculiar/x509.
 */
const store = new WeakMap<object, Map<unknown, unknown>>();

const metadata = {
  defineMetadata(key: unknown, value: unknown, target: object): void {
    const entries = store.get(target) ?? new Map<unknown, unknown>();
    store.set(target, entries.set(key, value));
  },
  getOwnMetadata: (key: unknown, target: object): unknown => store.get(target)?.get(key),
  getMetadata(key: unknown, target: object): unknown {
    for (let owner: object | null = target; owner !== null; owner = Reflect.getPrototypeOf(owner)) {
      const entries = store.get(owner);
      if (entries?.has(key)) return entries.get(key);
    }
    return undefined;
  },
};

if (!('getMetadata' in Reflect)) Object.assign(Reflect, metadata);
