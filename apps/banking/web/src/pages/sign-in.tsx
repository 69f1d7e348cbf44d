import type { User } from '../../../src/api/messages.js';
import { useState } from 'preact/hooks';
import { Avatar } from '../components/avatar.js';
import { Brand } from '../components/brand.js';
import { Icon } from '../components/icon.js';
import { Page } from '../components/page.js';
import { ProblemNotice } from '../components/problem-notice.js';
import { ThemeToggle } from '../components/theme-toggle.js';
import { session, signIn } from '../state/session.js';

/** A demo's sign-in: whoever one would like to be. */
export function SignIn() {
  const [error, setError] = useState<unknown>(null);
  const [entering, setEntering] = useState<string | null>(null);
  const users = session.value?.users ?? [];

  const enter = async (id: string) => {
    setEntering(id);
    try {
      await signIn(id);
    } catch (problem) {
      setError(problem);
      setEntering(null);
    }
  };
  const people = (role: User['role']) =>
    users
      .filter((user) => user.role === role)
      .map((user) => (
        <li key={user.id}>
          <button
            type="button"
            class="person"
            aria-disabled={entering !== null || undefined}
            onClick={() => {
              if (entering === null) void enter(user.id);
            }}
          >
            <Avatar name={user.name} size={40} />
            <span class="person-name">{user.name}</span>
            {entering === user.id ? <span class="spinner" aria-hidden="true" /> : <Icon name="next" />}
          </button>
        </li>
      ));

  return (
    <main class="sign-in" id="main">
      <div class="sign-in-bar">
        <Brand />
        <ThemeToggle />
      </div>
      <Page
        title="Who are you today?"
        name="Sign in"
        lead="Every cent in this bank has a history. Pick somebody: nobody needs a password here."
      >
        {error !== null && <ProblemNotice error={error} />}
        <section aria-labelledby="customers">
          <h2 id="customers" class="eyebrow">
            Customers
          </h2>
          <ul class="people">{people('customer')}</ul>
        </section>
        <section aria-labelledby="tellers">
          <h2 id="tellers" class="eyebrow">
            Behind the counter
          </h2>
          <ul class="people">{people('teller')}</ul>
        </section>
      </Page>
      <p class="sign-in-foot">Storage: {session.value?.storage}</p>
    </main>
  );
}
