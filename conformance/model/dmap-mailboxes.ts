/**
 * The suite's own account of a mailbox tree: which answers a right server may give to a change of it, and which names it
 * lists then (sections 2.4 and 5.6 of the DMAP digest).
 */

export type TreeChange =
  | { readonly command: 'CREATE' | 'DELETE' | 'SUBSCRIBE' | 'UNSUBSCRIBE'; readonly name: string }
  | { readonly command: 'RENAME'; readonly name: string; readonly to: string };

export type TreeAnswer = 'OK' | 'NO';

/** `*` is any run of characters, `%` any run without the slash; the rest is what it is. */
export function matchesPattern(pattern: string, name: string): boolean {
  const parts = pattern.replace(/[*%]{2,}/g, (run) => (run.includes('*') ? '*' : '%')).split(/([*%])/);
  const source = parts.map((part) => {
    if (part === '*') return '.*';
    return part === '%' ? '[^/]*' : part.replace(/[\\^$.|?+()[\]{}/]/g, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`, 'su').test(name);
}

export const isBelow = (name: string, superior: string): boolean => name.startsWith(`${superior}/`);

/** The names above, the outermost first. */
export function superiors(name: string): string[] {
  const levels = name.split('/');
  return levels.slice(1).map((_, at) => levels.slice(0, at + 1).join('/'));
}

/** A name without a mailbox of its own, as far as one knows. */
type Level =
  /** A superior that was missing: a server should make it, and may have. */
  | 'open'
  /** Deleted while it had inferiors: stays as `\Noselect`, or is not there (DMAP-I-51). */
  | 'empty';

const either: readonly TreeAnswer[] = ['OK', 'NO'];

export class MailboxTree {
  readonly #mailboxes = new Set<string>();
  readonly #levels = new Map<string, Level>();
  readonly #subscribed = new Set<string>();

  /** @param root a mailbox that is there; all changes are below it */
  constructor(private readonly root: string) {}

  get mailboxes(): ReadonlySet<string> {
    return this.#mailboxes;
  }

  get subscribed(): ReadonlySet<string> {
    return this.#subscribed;
  }

  /** False for a change whose outcome the digest leaves open in too many ways. */
  isPlain(change: TreeChange): boolean {
    if (change.command !== 'RENAME') return true;
    return this.#mailboxes.has(change.to) || !this.#hasInferiors(change.to);
  }

  /** The answers that are right. */
  answers(change: TreeChange): readonly TreeAnswer[] {
    const { command, name } = change;
    const there = this.#mailboxes.has(name);
    const level = this.#levels.has(name);
    switch (command) {
      case 'CREATE':
        if (there) return ['NO'];
        return level ? either : ['OK'];
      case 'DELETE':
        if (there) return this.#hasInferiors(name) ? either : ['OK'];
        // Levels may be there or not, so that mailboxes alone are inferiors for certain.
        return level && ![...this.#mailboxes].some((other) => isBelow(other, name)) ? either : ['NO'];
      case 'RENAME':
        if (this.#mailboxes.has(change.to) || name === change.to || isBelow(change.to, name)) return ['NO'];
        if (level || this.#levels.has(change.to)) return either;
        return there ? ['OK'] : ['NO'];
      case 'SUBSCRIBE':
        return there && !this.#subscribed.has(name) ? ['OK'] : either;
      case 'UNSUBSCRIBE':
        return this.#subscribed.has(name) ? ['OK'] : either;
    }
  }

  /** Follows a change that was answered with OK. */
  apply(change: TreeChange): void {
    const { command, name } = change;
    switch (command) {
      case 'CREATE':
        this.#make(name);
        return;
      case 'DELETE':
        this.#mailboxes.delete(name);
        this.#levels.delete(name);
        if (this.#hasInferiors(name)) this.#levels.set(name, 'empty');
        return;
      case 'RENAME':
        this.#rename(name, change.to);
        return;
      case 'SUBSCRIBE':
        this.#subscribed.add(name);
        return;
      case 'UNSUBSCRIBE':
        this.#subscribed.delete(name);
    }
  }

  /**
   * What is wrong with a listing of everything below the root; null when nothing is. Where the digest leaves a choice,
   * the tree goes on with the one that the listing shows.
   *
   * @param isMailbox whether each name that was listed can be selected
   */
  compare(isMailbox: ReadonlyMap<string, boolean>): string | null {
    for (const name of this.#mailboxes) {
      if (isMailbox.get(name) !== true) return `${JSON.stringify(name)} is a mailbox and not listed as one`;
    }
    for (const [name, selectable] of isMailbox) {
      if (this.#mailboxes.has(name)) continue;
      const level = this.#levels.get(name);
      if (level === undefined) return `${JSON.stringify(name)} is listed and should not be there`;
      if (selectable && level === 'empty') return `${JSON.stringify(name)} was deleted and is listed as a mailbox`;
      if (selectable) this.#make(name);
    }
    for (const name of this.#levels.keys()) this.#levels.set(name, 'empty');
    return null;
  }

  #make(name: string): void {
    this.#mailboxes.add(name);
    this.#levels.delete(name);
    for (const superior of superiors(name)) {
      const known = this.#mailboxes.has(superior) || this.#levels.has(superior);
      if (!known && isBelow(superior, this.root)) this.#levels.set(superior, 'open');
    }
  }

  #rename(from: string, to: string): void {
    const moved = (name: string): boolean => name === from || isBelow(name, from);
    const mailboxes = [...this.#mailboxes].filter(moved);
    const levels = [...this.#levels].filter(([name]) => moved(name));
    for (const name of mailboxes) this.#mailboxes.delete(name);
    for (const [name] of levels) this.#levels.delete(name);
    for (const [name, level] of levels) this.#levels.set(to + name.slice(from.length), level);
    for (const name of mailboxes) this.#make(to + name.slice(from.length));
  }

  #hasInferiors(name: string): boolean {
    return [...this.#mailboxes, ...this.#levels.keys()].some((other) => isBelow(other, name));
  }
}
