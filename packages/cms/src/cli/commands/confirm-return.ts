import { confirm, type Invocation } from '../command.ts';

/** A full return leaves no device licensed, and asks for confirmation [domain.md rule 10]. */
export const confirmFullReturn = (invocation: Invocation) =>
  confirm(invocation, {
    question:
      'This leaves no license on this SmartServer, and none of its devices licensed. Transfer all of them back?',
    title: 'Nothing was transferred',
    detail: 'A full return leaves no device licensed, so it must be confirmed.',
  });
