/** Signing in as one of the people that the bank knows. A real bank would want a password; what follows from it is the same. */
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie';
import * as v from 'valibot';
import { people, personOf } from '../people.js';
import type { Environment } from './environment.js';
import { Session, SignInRequest, type User } from './messages.js';
import { Refusal } from './problems.js';
import { answers, takes } from './requests.js';

const COOKIE = 'bank-session';

/** A session ends after a working day, whatever the browser thinks of the cookie. */
const LIFETIME = 8 * 60 * 60;

export interface SessionOptions {
  /** What cookies are signed with: whoever knows it can be anybody. */
  readonly secret: string;
  /** What the storage is called on the page. */
  readonly storage: string;
}

export function sessionRoutes({ secret, storage }: SessionOptions): Hono<Environment> {
  const session = (user: User | undefined): Session => ({ user: user ?? null, users: [...people], storage });

  return new Hono<Environment>()
    .get('/', answers('Who is signed in, and who could be', Session), async (context) =>
      context.json(session((await sessionOf(context, secret))?.user)),
    )
    .post('/', answers('Sign in', Session), takes('json', SignInRequest), async (context) => {
      const person = personOf(context.req.valid('json').user);
      if (person === undefined) throw new Refusal(401, 'unknown-user', 'The bank knows nobody of that name.');
      await setSignedCookie(context, COOKIE, `${person.id}.${Math.floor(Date.now() / 1000) + LIFETIME}`, secret, {
        httpOnly: true,
        sameSite: 'Strict',
        // A proxy that speaks TLS says so.
        secure: new URL(context.req.url).protocol === 'https:' || context.req.header('X-Forwarded-Proto') === 'https',
        path: '/',
        maxAge: LIFETIME,
      });
      return context.json(session(person));
    })
    .delete('/', answers('Sign out', v.null()), (context) => {
      deleteCookie(context, COOKIE, { path: '/' });
      return context.body(null, 204);
    });
}

/** Lets nobody pass who isn't signed in. */
export function signedIn({ secret }: SessionOptions): MiddlewareHandler<Environment> {
  return async (context, next) => {
    const found = await sessionOf(context, secret);
    if (found === undefined) throw new Refusal(401, 'signed-out', 'Sign in first.');
    context.set('user', found.user);
    context.set('sessionEnds', found.ends);
    await next();
  };
}

/** Lets only tellers pass. */
export const teller: MiddlewareHandler<Environment> = async (context, next) => {
  if (context.get('user').role !== 'teller') throw new Refusal(403, 'tellers-only', 'This is for tellers.');
  await next();
};

async function sessionOf(context: Context, secret: string) {
  const [id = '', until = '0'] = ((await getSignedCookie(context, secret, COOKIE)) || '').split('.');
  const user = personOf(id);
  const ends = Number(until) * 1000;
  return user !== undefined && ends > Date.now() ? { user, ends } : undefined;
}
