/** The activation statement alone, for the bench that measures the service against a bare server doing the same. */
export { activationValues } from './activation-command.ts';
export { ACTIVATION_STATEMENT } from './activation-statement.ts';
