/** The words of the client, so that a journey reads what people read, in either language. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './portal';

/** A language of the portal. */
export type Language = 'de' | 'en';

/** Both. */
export const LANGUAGES: readonly Language[] = ['de', 'en'];

/** Looks words up by their place in the client's file, with values for what stands in double braces. */
export type Words = (place: string, values?: Record<string, string | number>) => string;

/** The words of a language. */
export function wordsOf(language: Language): Words {
  const file: unknown = JSON.parse(readFileSync(join(ROOT, `web/locales/${language}.json`), 'utf8'));
  return (place, values = {}) => {
    let found: unknown = file;
    for (const step of place.split('.')) found = (found as Record<string, unknown> | undefined)?.[step];
    if (typeof found !== 'string') throw new Error(`there are no words ${place} in ${language}`);
    return found.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`${place} needs ${name}`);
      return String(value);
    });
  };
}
