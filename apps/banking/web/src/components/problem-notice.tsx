import { Notice } from './notice.js';
import { adviceOn } from '../payments/advice.js';

/** An error in words for whoever meets it, with what they can do. */
export function ProblemNotice({ error }: { readonly error: unknown }) {
  const { title, text } = adviceOn(error);
  return (
    <Notice tone="bad" title={title}>
      {text}
    </Notice>
  );
}
