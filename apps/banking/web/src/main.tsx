import { render } from 'preact';
import { App } from './app.js';
import { loadSession } from './state/session.js';

const root = document.querySelector('#app');
if (!root) throw new Error('The page has no element with the id "app".');
render(<App />, root);
void loadSession();
