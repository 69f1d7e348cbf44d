import type { ComponentChildren } from 'preact';

export interface BadgeProps {
  readonly tone?: 'neutral' | 'good' | 'bad' | 'warn' | 'info';
  readonly children: ComponentChildren;
}

export function Badge({ tone = 'neutral', children }: BadgeProps) {
  return <span class={`badge ${tone}`}>{children}</span>;
}
