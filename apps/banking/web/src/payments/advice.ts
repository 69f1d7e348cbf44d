import type { Currency, Problem } from '../../../src/api/messages.js';
import { ApiError, Unreachable } from '../api/api-error.js';
import { formatMoney } from '../money/format-money.js';

export interface Advice {
  readonly title: string;
  /** What to do next. */
  readonly text: string;
  /** The field that it is about, where there is one, and what is said there. */
  readonly field?: 'from' | 'to' | 'amount';
  readonly atField?: string;
}

/** What an error means for the person in front of it. */
export function adviceOn(error: unknown): Advice {
  if (error instanceof Unreachable) {
    return {
      title: 'We could not reach the bank',
      text: 'Nothing is lost. Check your connection and press the button again: it will be done once, however often it is sent.',
    };
  }
  if (error instanceof ApiError) return (error.problem.rule && onRule(error.problem)) || onStatus(error.problem);
  return { title: 'Something went wrong on this page', text: error instanceof Error ? error.message : String(error) };
}

function onRule({ rule, data = {}, detail }: Problem): Advice | undefined {
  const available = cents(data['available']);
  const reason = typeof data['reason'] === 'string' ? ` The reason given: ${data['reason']}.` : '';
  switch (rule) {
    case 'insufficient-funds':
      return {
        title: 'There is not enough money in the account',
        text:
          available === undefined
            ? 'Choose a smaller amount, or another account to pay from.'
            : `${formatMoney(available, currencyOf(data))} is available. Choose a smaller amount, or another account to pay from.`,
        field: 'amount',
        atField:
          available === undefined
            ? 'Too much for this account.'
            : `At most ${formatMoney(available, currencyOf(data))}.`,
      };
    case 'payee-frozen':
      return { title: 'This account takes no payments', text: 'Ask its owner for another one.', field: 'to' };
    case 'no-standing-orders':
      return { title: 'There is nothing to carry out', text: 'Save a standing order first.' };
    case 'account-frozen':
      return {
        title: 'This account is frozen',
        text: `No money can leave it until the bank has looked at it.${reason} Pay from another account, or talk to a teller.`,
        field: 'from',
      };
    case 'account-not-open':
      return { title: 'This account is closed', text: 'Choose another account.', field: 'to' };
    case 'currency-mismatch':
      return {
        title: 'The accounts hold different currencies',
        text: 'Money is not exchanged here. Choose an account in the same currency.',
        field: 'to',
      };
    case 'not-empty':
      return { title: 'The account is not empty', text: 'Move its money to another account first, then close it.' };
    default:
      return { title: 'The bank said no', text: detail };
  }
}

function onStatus({ status, title, detail, issues = [] }: Problem): Advice {
  switch (status) {
    case 400:
      return { title: 'The bank did not understand', text: issues.map(({ message }) => message).join(' ') || detail };
    case 401:
      return { title: 'You are signed out', text: 'Sign in again to go on.' };
    case 403:
      return { title: 'This is for tellers only', text: 'Sign in as a teller to see it.' };
    case 404:
      return { title: 'There is nothing here', text: 'It does not exist, or it is not yours to see.' };
    case 409:
      return { title: 'Somebody was faster', text: 'The account changed while this was decided. Try again.' };
    case 422:
      return { title: 'The bank said no', text: detail };
    case 503:
      return { title: 'The bank is busy', text: 'Nothing has happened yet. Try again in a moment.' };
    case 504:
      return {
        title: 'We do not know yet how this ended',
        text: 'Press the button again: if it has been done already, it is not done twice.',
      };
    default:
      return { title, text: detail || 'Try again in a moment.' };
  }
}

const cents = (value: unknown) => (typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined);

function currencyOf(data: Record<string, unknown>): Currency {
  const currency = data['currency'];
  return currency === 'GBP' || currency === 'USD' ? currency : 'EUR';
}
