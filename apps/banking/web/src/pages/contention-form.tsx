import type { ContentionRequest } from '../api/requests.js';
import { useState } from 'preact/hooks';
import { Button } from '../components/button.js';
import { TextField } from '../components/text-field.js';

export interface ContentionFormProps {
  readonly running: boolean;
  readonly onStart: (request: ContentionRequest) => void;
}

const FIELDS = [
  { key: 'transfers', label: 'Transfers', min: 1, max: 5000 },
  { key: 'accounts', label: 'Accounts that all of them want', min: 2, max: 20 },
  { key: 'concurrency', label: 'At the same time', min: 1, max: 200 },
] as const;

export function ContentionForm({ running, onStart }: ContentionFormProps) {
  const [texts, setTexts] = useState({ transfers: '500', accounts: '3', concurrency: '32' });
  const problems = FIELDS.map(({ key, min, max }) => {
    const value = Number(texts[key]);
    return /^\d+$/.test(texts[key]) && value >= min && value <= max
      ? undefined
      : `A whole number from ${min} to ${max}.`;
  });
  return (
    <form
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (running || problems.some(Boolean)) return;
        onStart({
          transfers: Number(texts.transfers),
          accounts: Number(texts.accounts),
          concurrency: Number(texts.concurrency),
        });
      }}
    >
      {FIELDS.map(({ key, label, min, max }, i) => (
        <TextField
          key={key}
          label={label}
          type="number"
          min={min}
          max={max}
          value={texts[key]}
          hint={`${min} to ${max}`}
          error={problems[i]}
          onInput={(value) => setTexts({ ...texts, [key]: value })}
        />
      ))}
      <div class="form-actions">
        <Button kind="primary" type="submit" icon="bolt" busy={running}>
          Start
        </Button>
      </div>
    </form>
  );
}
