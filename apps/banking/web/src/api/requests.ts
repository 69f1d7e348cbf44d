/** What the page sends, inferred from what the bank takes. */
import type * as messages from '../../../src/api/messages.js';
import type { InferInput } from 'valibot';

export type OpenAccountRequest = InferInput<typeof messages.OpenAccountRequest>;
export type CashRequest = InferInput<typeof messages.CashRequest>;
export type TransferRequest = InferInput<typeof messages.TransferRequest>;
export type PaymentsRequest = InferInput<typeof messages.PaymentsRequest>;
export type StandingOrdersRequest = InferInput<typeof messages.StandingOrdersRequest>;
export type FreezeRequest = InferInput<typeof messages.FreezeRequest>;
export type OverdraftRequest = InferInput<typeof messages.OverdraftRequest>;
export type RebuildProgress = InferInput<typeof messages.RebuildProgress>;
export type ContentionRequest = InferInput<typeof messages.ContentionRequest>;
export type ContentionProgress = InferInput<typeof messages.ContentionProgress>;
export type ProjectionView = InferInput<typeof messages.ProjectionView>;
