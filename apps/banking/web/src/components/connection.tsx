import { connection } from '../state/live.js';

const WORDS = { connecting: 'Connecting…', live: 'Live', reconnecting: 'Reconnecting…' };

/** Whether what is seen is what is: the page says so when the bank is out of reach. */
export function Connection() {
  return (
    <p class={`connection ${connection.value}`} role="status">
      <span class="connection-dot" aria-hidden="true" />
      {WORDS[connection.value]}
    </p>
  );
}
