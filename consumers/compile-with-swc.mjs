// What `swc src -d dist` does, without its command line: each file on its own, by the .swcrc of the consumer.

import { transformFile } from '@swc/core';
import { mkdir, readdir, writeFile } from 'node:fs/promises';

await mkdir('dist', { recursive: true });
for (const name of await readdir('src')) {
  const { code } = await transformFile(`src/${name}`);
  await writeFile(`dist/${name.replace(/\.ts$/, '.js')}`, code);
}
