/** Whether tests run at length, as by `npm run test:long`, and not in their short form. */
export declare const atLength: boolean;
