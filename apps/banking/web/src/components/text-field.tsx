import type { ComponentChildren } from 'preact';
import { Field } from './field.js';

export interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly hint?: ComponentChildren;
  readonly error?: string | undefined;
  readonly hideLabel?: boolean;
  readonly type?: 'text' | 'date' | 'search' | 'number';
  readonly maxLength?: number;
  readonly placeholder?: string;
  readonly name?: string;
  readonly min?: number;
  readonly max?: number | string;
}

export function TextField(props: TextFieldProps) {
  const { label, hint, error, hideLabel = false, value, onInput, type = 'text', ...rest } = props;
  return (
    <Field label={label} hint={hint} error={error} hideLabel={hideLabel}>
      {(control) => (
        <input
          {...control}
          {...rest}
          class="input"
          // Preact tells inputs apart by the roles that their types may have. This one is given no role, so any will do.
          type={type as 'text'}
          value={value}
          autoComplete="off"
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
