import { signal } from '@preact/signals';

/** Where the page is: path and query, as in the address bar. */
export const path = signal(window.location.pathname);
export const query = signal(window.location.search);
/** Whether the page has moved since it was loaded: only then does focus go to the new heading. */
export const moved = signal(false);

export function navigate(to: string, { replace = false } = {}): void {
  if (to === window.location.pathname + window.location.search) return;
  window.history[replace ? 'replaceState' : 'pushState'](null, '', to);
  arrive();
  window.scrollTo(0, 0);
}

window.addEventListener('popstate', arrive);

function arrive(): void {
  moved.value = true;
  path.value = window.location.pathname;
  query.value = window.location.search;
}
