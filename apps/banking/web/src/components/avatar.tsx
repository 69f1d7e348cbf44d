/** Initials on a colour of one's own. */
export function Avatar({ name, size = 36 }: { readonly name: string; readonly size?: number }) {
  const initials = name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word[0] ?? '')
    .join('');
  return (
    <span class="avatar" aria-hidden="true" style={{ '--hue': `${hueOf(name)}`, '--size': `${size}px` }}>
      {initials}
    </span>
  );
}

function hueOf(name: string): number {
  let hash = 0;
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  // The golden angle: names that hash close to each other lie far apart on the wheel.
  return Math.round(hash * 137.508) % 360;
}
