/** A sun that has half set over the water. */
export function Brand() {
  return (
    <span class="brand-mark">
      <svg viewBox="0 0 32 32" width="30" height="30" aria-hidden="true" focusable="false">
        <rect class="brand-sky" width="32" height="32" rx="9" />
        <path class="brand-sun" d="M8 18a8 8 0 0 1 16 0z" />
        <path class="brand-water" d="M6 21.5h20M10 25h12" />
      </svg>
      <span class="brand-name">Eventide</span>
    </span>
  );
}
