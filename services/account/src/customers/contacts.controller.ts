import type {
  Contact,
  ContactPage,
  CreateContactRequest,
  IdempotencyKey,
  PageCursor,
  PageLimit,
  Problem,
  Uuid,
} from '@smartserver/contracts';
import { contextOf } from '@smartserver/service-kit';
import {
  Body,
  Delete,
  Example,
  Get,
  Header,
  OperationId,
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
import { pageRequest } from '../pages.ts';
import type { ContactService } from './contact-service.ts';

@Route('v1/customers/{customerId}/contacts')
@Tags('Accounts')
export class ContactsController {
  constructor(private readonly contacts: ContactService) {}

  /**
   * Add a contact: it gets the e-mails of the customer/project. A customer has at most 50.
   * @summary Create a contact
   */
  @Post()
  @OperationId('createContact')
  @SuccessResponse(201, 'Created')
  @Security('oauth2', ['customers:write'])
  @Example<Contact>({
    contactId: '01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d11',
    email: 'facility@example.com',
    name: 'Facility management',
    language: 'en',
    createdAt: '2026-03-01T12:00:00.000Z',
  })
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing')
  @Response<Problem>(404, 'customer_not_found')
  @Response<Problem>(409, 'contact_exists, contact_limit_reached')
  @Response<Problem>(422, 'idempotency_key_reused')
  create(
    @Request() request: FastifyRequest,
    @Path() customerId: Uuid,
    @Body() body: CreateContactRequest,
    @Header('Idempotency-Key') _key?: IdempotencyKey,
  ): Promise<Contact> {
    return this.contacts.create(customerId, body, contextOf(request));
  }

  /**
   * Contacts of a customer/project, oldest first.
   * @summary List contacts
   */
  @Get()
  @OperationId('listContacts')
  @SuccessResponse(200, 'OK')
  @Security('oauth2', ['customers:read'])
  @Example<ContactPage>({
    items: [
      {
        contactId: '01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d11',
        email: 'facility@example.com',
        name: 'Facility management',
        language: 'en',
        createdAt: '2026-03-01T12:00:00.000Z',
      },
    ],
    nextCursor: null,
  })
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing')
  @Response<Problem>(404, 'customer_not_found')
  list(
    @Request() request: FastifyRequest,
    @Path() customerId: Uuid,
    @Query() limit?: PageLimit,
    @Query() cursor?: PageCursor,
  ): Promise<ContactPage> {
    return this.contacts.list(customerId, pageRequest(limit, cursor), contextOf(request));
  }

  /**
   * Delete a contact.
   * @summary Delete a contact
   */
  @Delete('{contactId}')
  @OperationId('deleteContact')
  @SuccessResponse(204, 'No content')
  @Security('oauth2', ['customers:write'])
  @Response<Problem>(400, 'validation_failed')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(403, 'scope_missing')
  @Response<Problem>(404, 'customer_not_found, contact_not_found')
  delete(@Request() request: FastifyRequest, @Path() customerId: Uuid, @Path() contactId: Uuid): Promise<void> {
    return this.contacts.delete(customerId, contactId, contextOf(request));
  }
}
