import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** What an input needs, so that its label, hint and error belong to it for everybody. */
export interface FieldControl {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': 'true' | undefined;
}

export interface FieldProps {
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly error?: string | undefined;
  readonly hideLabel?: boolean;
  readonly children: (control: FieldControl) => ComponentChildren;
}

/** A label, a control, and right below it what is wrong, in place of the hint: nothing moves when an error comes. */
export function Field({ label, hint, error, hideLabel = false, children }: FieldProps) {
  const id = useId();
  const note = `${id}-note`;
  return (
    <div class="field">
      <label for={id} class={hideLabel ? 'unseen' : undefined}>
        {label}
      </label>
      {children({
        id,
        'aria-describedby': error || hint ? note : undefined,
        'aria-invalid': error ? 'true' : undefined,
      })}
      {(error || hint) && (
        <p id={note} class={error ? 'field-error' : 'field-hint'}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}
