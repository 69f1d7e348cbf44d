// Holds the imports of every package against tools/rooms.mjs, and docs/architecture.svg against both. `--draw` draws it anew.
//
//   node tools/check-rooms.mjs [--draw]

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { drawRooms } from './draw-rooms.mjs';
import { houses } from './rooms.mjs';

const root = join(import.meta.dirname, '..');
const picture = join(root, 'docs', 'architecture.svg');
/** Pages that name files: what they name has to be there. A path begins at the root, or at the sources of a package. */
const PAGES = ['docs/architecture.md', 'docs/reliability.md', 'CONTRIBUTING.md'];

const complaints = [
  ...houses.flatMap((house) => [...orderFaults(house), ...importFaults(house)]),
  ...PAGES.flatMap((page) => [...namedFiles(page)]),
];
const drawn = drawRooms(houses);
if (process.argv.includes('--draw')) writeFileSync(picture, drawn);
else if (!existsSync(picture) || readFileSync(picture, 'utf8') !== drawn) {
  complaints.push('docs/architecture.svg is not what tools/rooms.mjs says: node tools/check-rooms.mjs --draw');
}

for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exitCode = 1;
else console.log(`${houses.reduce((sum, { rooms }) => sum + rooms.length, 0)} rooms, and every door leads one way`);

/** A room knows only rooms that stand before it. */
function* orderFaults({ package: name, rooms }) {
  const before = new Set();
  for (const room of rooms) {
    for (const known of Object.keys(room.knows)) {
      if (!before.has(known))
        yield `tools/rooms.mjs: in ${name}, ${room.name} knows ${known}, which doesn't stand before it`;
    }
    before.add(room.name);
  }
}

/** Every import between rooms is a door that is written down, and every door is used. Tests go where they like. */
function* importFaults({ package: house, rooms }) {
  const sources = join(root, 'packages', house, 'src');
  const byName = new Map(rooms.map((room) => [room.name, { ...room, unused: new Set(Object.keys(room.knows)) }]));
  for (const file of filesBelow(sources)) {
    const name = roomOf(sources, file);
    const from = byName.get(name);
    if (from === undefined) {
      if (rooms.length > 0 && !name.endsWith('.ts'))
        yield `${relative(root, file)} is in a room that tools/rooms.mjs doesn't have`;
      continue;
    }
    for (const [, specifier] of readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b[^;]*?from '(\.[^']+)';/gm)) {
      const to = roomOf(sources, join(dirname(file), specifier.replace(/\.js$/, '.ts')));
      if (to === from.name) continue;
      if (!(to in from.knows)) {
        yield `${relative(root, file)} imports ${specifier}: in tools/rooms.mjs, ${from.name} doesn't know ${to}`;
      }
      from.unused.delete(to);
    }
  }
  for (const { name, unused } of byName.values()) {
    for (const known of unused) yield `tools/rooms.mjs: in ${house}, ${name} knows ${known}, and imports nothing of it`;
  }
}

/** The first folder below the sources; a file that lies in none is its own. */
function roomOf(sources, file) {
  return relative(sources, file).split('/')[0];
}

function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (/\.ts$/.test(entry.name) && !/\.(test|test-d|fixture)\.ts$/.test(entry.name)) yield path;
  }
}

function* namedFiles(page) {
  if (!existsSync(join(root, page))) return;
  const homes = ['', 'packages', ...houses.map(({ package: name }) => `packages/${name}/src`)];
  for (const [, path] of readFileSync(join(root, page), 'utf8').matchAll(
    /`((?:[\w.-]+\/)+[\w.-]+\.(?:ts|tsx|mjs|sql|svg))`/g,
  )) {
    if (!homes.some((home) => existsSync(join(root, home, path)))) yield `${page} names ${path}, which isn't there`;
  }
}
