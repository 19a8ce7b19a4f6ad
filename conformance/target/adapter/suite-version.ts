/** The version of the suite, as hello tells it to an adapter. */
import { existsSync, readFileSync } from 'node:fs';

/** Reads it from the nearest package.json above this file: the sources and the build stand at different depths. */
export function suiteVersion(): string {
  for (let folder = new URL('./', import.meta.url); ; folder = new URL('../', folder)) {
    const file = new URL('package.json', folder);
    if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
    if (folder.pathname === '/' || folder.href === new URL('../', folder).href) {
      throw new Error(`no package.json above ${import.meta.url}`);
    }
  }
}
