/** Where a Chromium is, if there is one: `CHROMIUM` says, or it is where Debian and others put theirs. */
import { existsSync } from 'node:fs';

export const chromium: string | undefined = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].find((candidate) => candidate !== undefined && existsSync(candidate));
