import type {
  Contact,
  ContactPage,
  CreateContactRequest,
  PageCursor,
  PageLimit,
  Problem,
  Uuid,
} from '@smartserver/contracts';
import { contextOf, pageRequest } from '@smartserver/service-kit';
import {
  Body,
  Delete,
  Example,
  Get,
  Path,
  Post,
  Query,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { contactExample } from '../model/contact.ts';
import { createContact, deleteContact, listContacts } from './contacts.ts';

@Route('v1/customers/{customerId}/contacts')
@Tags('Accounts')
export class ContactsRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * Add a contact: it gets the e-mails of the customer/project. A customer has at most 50.
   * @summary Create a contact
   */
  @Post()
  @SuccessResponse(201, 'Created')
  @Security('oauth2', ['customers:write'])
  @Example<Contact>(contactExample)
  @Response<Problem>(404, 'customer_not_found')
  @Response<Problem>(409, 'contact_exists, contact_limit_reached')
  createContact(
    @Request() request: FastifyRequest,
    @Path() customerId: Uuid,
    @Body() body: CreateContactRequest,
  ): Promise<Contact> {
    return createContact(this.deps, contextOf(request), customerId, body);
  }

  /**
   * Contacts of a customer/project, oldest first.
   * @summary List contacts
   */
  @Get()
  @Security('oauth2', ['customers:read'])
  @Example<ContactPage>({ items: [contactExample], nextCursor: null })
  @Response<Problem>(404, 'customer_not_found')
  listContacts(
    @Request() request: FastifyRequest,
    @Path() customerId: Uuid,
    @Query() limit?: PageLimit,
    @Query() cursor?: PageCursor,
  ): Promise<ContactPage> {
    return listContacts(this.deps, contextOf(request), customerId, pageRequest(limit, cursor));
  }

  /**
   * Delete a contact.
   * @summary Delete a contact
   */
  @Delete('{contactId}')
  @SuccessResponse(204, 'No content')
  @Security('oauth2', ['customers:write'])
  @Response<Problem>(404, 'customer_not_found, contact_not_found')
  deleteContact(@Request() request: FastifyRequest, @Path() customerId: Uuid, @Path() contactId: Uuid): Promise<void> {
    return deleteContact(this.deps, contextOf(request), customerId, contactId);
  }
}
