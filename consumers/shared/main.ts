import { demonstrate } from './transfer.js';

await demonstrate();
