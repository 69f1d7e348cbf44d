// Loaded before the styles, and not as a module: the choice must be there at the first paint.
try {
  const chosen = localStorage.getItem('theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch {
  // Storage may be forbidden; the system's own theme is then all there is.
}
