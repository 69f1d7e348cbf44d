// Which tests have to run in both decorator dialects. A compiler lowers decorators in two ways and all the rest in one, so a test
// that reaches no file with a decorator, through whatever it imports, is the same code in both dialects, and runs once.
//
// It errs on the side of running twice: for a file that can't be parsed, and for an import of which nobody can tell where it leads.

import { parseSync } from '@swc/core';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * @param {string} root of this repository, where packages are found by their names
 * @returns {(file: string) => boolean} whether the file has a decorator, or imports one that has, or one that does, and so on
 */
export function reachesDecorators(root) {
  /** @type {Map<string, { readonly decorated: boolean; readonly imports: readonly string[] }>} */
  const files = new Map();

  /** @param {string} file */
  function look(file) {
    const known = files.get(file);
    if (known !== undefined) return known;
    const source = withoutComments(readFileSync(file, 'utf8'));
    const imports = importsOf(source).map((specifier) => find(specifier, file, root));
    const lost = imports.includes(undefined);
    const found = { decorated: lost || hasDecorators(source), imports: imports.filter((path) => path !== undefined) };
    files.set(file, found);
    return found;
  }

  return (file) => {
    const reached = new Set([file]);
    for (const path of reached) {
      const { decorated, imports } = look(path);
      if (decorated) return true;
      for (const imported of imports) reached.add(imported);
    }
    return false;
  };
}

/** Whatever looks like an import in a string, or behind code, counts as well: it does no harm. */
const IMPORT = /\bfrom\s*(['"])(.+?)\1|\bimport\s*(['"])(.+?)\3|\b(?:import|require)\s*\(\s*(?:(['"])(.+?)\5\s*[,)])?/g;

/** @param {string} source @returns {readonly (string | undefined)[]} of one that is computed: undefined */
function importsOf(source) {
  return [...source.matchAll(IMPORT)].map((found) => found[2] ?? found[4] ?? found[6]);
}

/**
 * @param {string | undefined} specifier
 * @param {string} from
 * @param {string} root
 * @returns {string | undefined} the file; for a package of somebody else's the one that asks, which leads nowhere new
 */
function find(specifier, from, root) {
  if (specifier === undefined) return undefined;
  const [, name, entry = 'index'] = /^@eventcore\/([^/]+)(?:\/([^/]+))?$/.exec(specifier) ?? [];
  if (name !== undefined) {
    const sources = join(root, 'packages', name, 'src');
    return existing(join(sources, `${entry}.ts`)) ?? existing(join(sources, entry, 'index.ts'));
  }
  if (!specifier.startsWith('.')) return from;
  const path = resolve(dirname(from), specifier);
  return existing(path.replace(/\.js$/, '.ts')) ?? existing(path);
}

/** @param {string} path */
function existing(path) {
  return existsSync(path) && statSync(path).isFile() ? path : undefined;
}

/** Prose may speak of what it would have to import (such as this), and of `@Command`. @param {string} source */
function withoutComments(source) {
  return source.replaceAll(/^\s*(\/?\*|\/\/).*$/gm, '');
}

/** @param {string} source */
function hasDecorators(source) {
  // Most have no such sign but in the names of packages, and need not be parsed.
  if (!/(^|[^'"])@/m.test(source)) return false;
  try {
    // A parser that knows no decorators refuses whatever has one.
    parseSync(source, { syntax: 'typescript', decorators: false });
    return false;
  } catch {
    return true;
  }
}
