import type { ComponentChildren } from 'preact';
import { Icon } from './icon.js';

export interface NoticeProps {
  readonly tone: 'good' | 'bad' | 'warn' | 'info';
  readonly title: string;
  readonly children?: ComponentChildren;
}

const ICONS = { good: 'check', bad: 'warn', warn: 'warn', info: 'info' } as const;

/** What happened, said aloud at once where it went wrong. */
export function Notice({ tone, title, children }: NoticeProps) {
  return (
    <div class={`notice ${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon name={ICONS[tone]} />
      <div>
        <p class="notice-title">{title}</p>
        {children && <div class="notice-text">{children}</div>}
      </div>
    </div>
  );
}
