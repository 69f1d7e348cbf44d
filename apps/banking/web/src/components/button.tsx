import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.js';

export interface ButtonProps {
  readonly children: ComponentChildren;
  readonly kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  readonly type?: 'submit' | 'button';
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly icon?: IconName;
  /** Only the icon is seen; the text is still what it's called. */
  readonly iconOnly?: boolean;
  readonly small?: boolean;
  readonly onClick?: () => void;
  readonly pressed?: boolean;
}

/** While it is busy it keeps its size and its focus, and can't be pressed again. */
export function Button(props: ButtonProps) {
  const { children, kind = 'plain', type = 'button', busy = false, icon, iconOnly = false, small = false } = props;
  return (
    <button
      type={type}
      class={`button ${kind} ${small ? 'small' : ''} ${iconOnly ? 'icon-only' : ''} ${busy ? 'busy' : ''}`}
      disabled={props.disabled}
      aria-disabled={busy || undefined}
      aria-pressed={props.pressed}
      title={iconOnly && typeof children === 'string' ? children : undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else props.onClick?.();
      }}
    >
      {icon && <Icon name={icon} />}
      <span class={iconOnly ? 'unseen' : 'button-text'}>{children}</span>
      {busy && <span class="spinner" aria-hidden="true" />}
    </button>
  );
}
