/** What keeps others' pages from acting for a user, and large or odd bodies from reaching a route. */
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import { Refusal } from './problems.js';

/** The largest request that there is, a hundred payments, has some ten thousand bytes. */
export const MAX_BODY = 64 * 1024;

/** What changes nothing. */
export const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What a browser may do with an answer: nothing but what the page needs. `scripts`: hashes of what it says inline. */
export function browserRules(scripts: readonly string[]): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'", ...scripts],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      manifestSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
    xFrameOptions: 'DENY',
    referrerPolicy: 'same-origin',
    // Whoever puts the bank on the net has a proxy in front that speaks TLS, and says so.
    strictTransportSecurity: false,
  });
}

/**
 * Cross-site request forgery: besides the cookie's SameSite, a browser says where a request comes from, and pages can't forge
 * what it says. Nothing but JSON is taken either, which no form can send.
 */
export const sameOriginOnly: MiddlewareHandler = async (context, next) => {
  const { method } = context.req;
  if (SAFE.has(method)) return next();
  const site = context.req.header('Sec-Fetch-Site');
  const origin = context.req.header('Origin');
  const ours = site === undefined ? isOrigin(origin, context.req.url) : site === 'same-origin';
  if (!ours) throw new Refusal(403, 'cross-site', 'This request does not come from a page of the bank.');
  const type = context.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json' && (type !== undefined || hasBody(context.req.raw))) {
    throw new Refusal(415, 'not-json', 'Send JSON, with Content-Type: application/json.');
  }
  return next();
};

export const limitedBody: MiddlewareHandler = bodyLimit({
  maxSize: MAX_BODY,
  onError: () => {
    throw new Refusal(413, 'too-large', `A request has ${MAX_BODY} bytes at most.`);
  },
});

/** Nothing that the API answers is anybody else's, or worth keeping. */
export const neverCached: MiddlewareHandler = async (context, next) => {
  await next();
  context.header('Cache-Control', 'no-store');
};

/** The scheme may be another one behind a proxy that speaks TLS; the host is what the browser has asked for. */
function isOrigin(origin: string | undefined, url: string): boolean {
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === new URL(url).host;
}

function hasBody(request: Request): boolean {
  return request.body !== null;
}
