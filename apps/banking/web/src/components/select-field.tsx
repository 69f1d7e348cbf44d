import type { ComponentChildren } from 'preact';
import { Field } from './field.js';

export interface SelectOption {
  readonly value: string;
  readonly text: string;
  readonly group?: string;
  readonly disabled?: boolean;
}

export interface SelectFieldProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly SelectOption[];
  readonly onChange: (value: string) => void;
  /** What stands there while nothing is chosen. */
  readonly empty?: string;
  readonly hint?: ComponentChildren;
  readonly error?: string | undefined;
  readonly hideLabel?: boolean;
}

/** The browser's own select: phones show it as they show all others, and every screen reader knows it. */
export function SelectField(props: SelectFieldProps) {
  const { label, value, options, onChange, empty, hint, error, hideLabel = false } = props;
  const groups = Map.groupBy(options, ({ group }) => group ?? '');
  return (
    <Field label={label} hint={hint} error={error} hideLabel={hideLabel}>
      {(control) => (
        <span class="select">
          <select {...control} class="input" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
            {empty !== undefined && (
              <option value="" disabled={value !== ''}>
                {empty}
              </option>
            )}
            {[...groups].map(([group, members]) =>
              group === '' ? members.map(toOption) : <optgroup label={group}>{members.map(toOption)}</optgroup>,
            )}
          </select>
        </span>
      )}
    </Field>
  );

  function toOption(option: SelectOption) {
    return (
      <option key={option.value} value={option.value} disabled={option.disabled} selected={option.value === value}>
        {option.text}
      </option>
    );
  }
}
