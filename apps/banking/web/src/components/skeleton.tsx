/** Takes the room of what is on its way, line for line, so that nothing jumps when it comes. */
export function Skeleton({ lines = 1, height = 20 }: { readonly lines?: number; readonly height?: number }) {
  return (
    <div class="skeletons" aria-hidden="true">
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} class="skeleton" style={{ height: `${height}px` }} />
      ))}
    </div>
  );
}
