import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.js';

/** Where there is nothing yet: why, and what to do. */
export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon name={icon} />
      </span>
      <p class="empty-title">{title}</p>
      {children && <p>{children}</p>}
    </div>
  );
}
