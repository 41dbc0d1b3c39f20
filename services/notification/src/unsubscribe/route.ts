import type { Problem } from '@smartserver/contracts';
import { setHeader } from '@smartserver/service-kit';
import { Get, Path, Post, Request, Response, Route, SuccessResponse, Tags } from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { renderUnsubscribePage, UNSUBSCRIBE_PAGE_POLICY } from './page.tsx';
import { getUnsubscription, type SubscriptionState, subscribeAgain, unsubscribe } from './unsubscribe.ts';

/**
 * From the link in an e-mail.
 * @maxLength 100
 */
type UnsubscribeToken = string;

@Route('v1/unsubscriptions')
@Tags('Notifications')
export class UnsubscriptionsRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * The page behind the link in e-mails about maintenance: asks whether they are to end. Opening it changes nothing. The link alone
   * is the permission; it is good for the address that the e-mail went to.
   * @summary Page to unsubscribe
   */
  @Get('{token}')
  @SuccessResponse(200, 'OK', 'text/html')
  @Response<Problem>(404, 'not_found')
  async getUnsubscription(@Request() request: FastifyRequest, @Path() token: UnsubscribeToken): Promise<string> {
    return page(request, token, await getUnsubscription(this.deps, token));
  }

  /**
   * Ends e-mails about maintenance to the address that the e-mail went to (RFC 8058: mail programs send it with one click, with a
   * form that is not read). Repeated, it changes nothing.
   * @summary Unsubscribe
   */
  @Post('{token}')
  @SuccessResponse(200, 'OK', 'text/html')
  @Response<Problem>(404, 'not_found')
  async createUnsubscription(@Request() request: FastifyRequest, @Path() token: UnsubscribeToken): Promise<string> {
    return page(request, token, await unsubscribe(this.deps, token));
  }

  /**
   * Has the e-mails come again.
   * @summary Subscribe again
   */
  @Post('{token}/undo')
  @SuccessResponse(200, 'OK', 'text/html')
  @Response<Problem>(404, 'not_found')
  async undoUnsubscription(@Request() request: FastifyRequest, @Path() token: UnsubscribeToken): Promise<string> {
    return page(request, token, await subscribeAgain(this.deps, token));
  }
}

const page = (request: FastifyRequest, token: string, state: SubscriptionState): string => {
  setHeader(request, 'content-type', 'text/html; charset=utf-8');
  setHeader(request, 'content-security-policy', UNSUBSCRIBE_PAGE_POLICY);
  return renderUnsubscribePage({ ...state, token });
};
