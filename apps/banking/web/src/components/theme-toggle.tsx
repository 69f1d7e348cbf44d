import { Button } from './button.js';
import { theme, type Theme } from '../state/theme.js';

const NEXT = { system: 'light', light: 'dark', dark: 'system' } as const satisfies Record<Theme, Theme>;
const ICONS = { system: 'screen', light: 'sun', dark: 'moon' } as const;
const WORDS = { system: 'as the system', light: 'light', dark: 'dark' };

export function ThemeToggle() {
  return (
    <Button kind="quiet" icon={ICONS[theme.value]} iconOnly small onClick={() => (theme.value = NEXT[theme.value])}>
      {`Theme: ${WORDS[theme.value]}`}
    </Button>
  );
}
