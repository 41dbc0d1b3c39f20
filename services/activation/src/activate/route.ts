import type { ActivationsResult, CreateActivationsRequest, InstallCodeText, Problem } from '@smartserver/contracts';
import { contextOf } from '@smartserver/service-kit';
import { Body, Example, Path, Post, Request, Response, Route, Security, SuccessResponse, Tags } from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { documentExample } from '../model/document.ts';
import { activate } from './activate.ts';

@Route('v1/controllers/{installCode}/activations')
@Tags('Activation')
export class ActivationsRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * Download licenses from the cloud: activate them on the controller of the session. All of them are activated, or none is;
   * `errors` names each license that cannot be. Those that the controller holds already stay as they are.
   * @summary Activate licenses
   */
  @Post()
  @SuccessResponse(201, 'Created')
  @Security('oauth2', ['activations:write'])
  @Example<ActivationsResult>({
    activations: [
      {
        activationId: '01957f6e-2c1a-7a3e-9b58-2f6f0c6b6d13',
        licenseId: 'e8b5f6a4-5d0c-4c56-8a0f-3f7f2f6f9d01',
        installCode: '0302E1C2A8F40011',
        activatedAt: '2026-03-02T08:30:00.000Z',
        expiresAt: null,
      },
    ],
    document: documentExample,
  })
  @Response<Problem>(403, 'contact_customer_success, device_proof_invalid')
  @Response<Problem>(404, 'controller_not_found, license_not_found')
  @Response<Problem>(
    409,
    'license_in_use, license_not_available, license_suspended, license_revoked, controller_in_use',
  )
  createActivations(
    @Request() request: FastifyRequest,
    @Path() installCode: InstallCodeText,
    @Body() body: CreateActivationsRequest,
  ): Promise<ActivationsResult> {
    return activate(this.deps, contextOf(request), installCode, body.licenseIds);
  }
}
