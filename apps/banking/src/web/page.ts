/**
 * The page, as files: what was written (`web/public`), what was compiled (`web/dist`, as /app), and the modules that it loads
 * (/vendor). A path of the page's own, such as /accounts/EC12, is answered with the page.
 */
import { Hono } from 'hono';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { nothingAt } from '../api/problems.js';
import type { Environment } from '../api/environment.js';

const web = path.resolve(import.meta.dirname, '../../web');
const INDEX = path.join(web, 'public/index.html');
const folders = { '/app/': path.join(web, 'dist'), '/': path.join(web, 'public') };

/** By what the import map asks for. */
const vendor: Readonly<Record<string, string>> = {
  'preact.mjs': 'preact',
  'hooks.mjs': 'preact/hooks',
  'jsxRuntime.mjs': 'preact/jsx-runtime',
  'signals.mjs': '@preact/signals',
  'signals-core.mjs': '@preact/signals-core',
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.map': 'application/json',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};

export const pageRoutes = new Hono<Environment>().get('*', async (context) => {
  const { path: asked } = context.req;
  if (asked.startsWith('/api/')) throw nothingAt(asked);
  const file = fileOf(asked);
  const content = file === INDEX ? await pageWithModules() : file === undefined ? undefined : await contentOf(file);
  if (content === undefined) throw nothingAt(asked);
  const tag = `"${createHash('sha256').update(content).digest('base64url')}"`;
  // Asked for anew each time, and answered only when something has changed: a new version is seen at once.
  context.header('Cache-Control', 'no-cache');
  context.header('ETag', tag);
  if (context.req.header('If-None-Match') === tag) return context.body(null, 304);
  return context.body(content, 200, { 'Content-Type': TYPES[path.extname(file!)] ?? 'application/octet-stream' });
});

/** With all modules named at once: else the browser would learn of each when it has read the one that imports it. */
async function pageWithModules(): Promise<Buffer<ArrayBuffer> | undefined> {
  const html = await contentOf(INDEX);
  const links = (await compiled()).map((name) => `    <link rel="modulepreload" href="/app/${name}" />\n`);
  return html && Buffer.from(html.toString().replace('  </head>', `${links.join('')}  </head>`));
}

async function compiled(): Promise<readonly string[]> {
  try {
    const names = await readdir(folders['/app/'], { recursive: true });
    return names.filter((name) => name.endsWith('.js')).map((name) => name.replaceAll(path.sep, '/'));
  } catch (error) {
    // Nothing was compiled yet. The page says so by what it lacks.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** The hashes of what the page says inline, for its Content-Security-Policy: its import map, and nothing else. */
export async function inlineHashes(): Promise<readonly string[]> {
  const html = (await contentOf(INDEX))?.toString() ?? '';
  return [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([^]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
}

function fileOf(asked: string): string | undefined {
  const name = asked.slice(asked.lastIndexOf('/') + 1);
  // A path of the page's own has no extension.
  if (!name.includes('.')) return INDEX;
  if (asked.startsWith('/vendor/')) {
    const specifier = vendor[asked.slice('/vendor/'.length)];
    return specifier === undefined ? undefined : fileURLToPath(import.meta.resolve(specifier));
  }
  if (!/^[\w./-]+$/.test(asked)) return undefined;
  const [prefix, folder] = Object.entries(folders).find(([start]) => asked.startsWith(start))!;
  const file = path.join(folder, asked.slice(prefix.length));
  // Hono gives paths decoded: `..` stays where it is allowed to be.
  return file.startsWith(`${folder}${path.sep}`) ? file : undefined;
}

async function contentOf(file: string): Promise<Buffer<ArrayBuffer> | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (['ENOENT', 'EISDIR', 'ENOTDIR', 'ENAMETOOLONG'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined;
    throw error;
  }
}
