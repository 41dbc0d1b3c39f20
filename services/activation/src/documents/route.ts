import type { EntityTag, InstallCodeText, LicenseKeys, Problem, SignedLicenseDocument } from '@smartserver/contracts';
import { contextOf, setEtag, setStatus } from '@smartserver/service-kit';
import { Example, Get, Header, Path, Request, Response, Route, Security, Tags } from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { documentExample } from '../model/document.ts';
import { newestFacts } from './resign.ts';

/** Weak comparison (RFC 9110, 13.1.2): a cache may have weakened the tag. */
const names = (header: string | undefined, tag: string): boolean =>
  header?.split(',').some((part) => ['*', tag].includes(part.trim().replace(/^W\//, ''))) ?? false;

@Route('v1')
@Tags('Activation')
export class DocumentsRoutes {
  constructor(private readonly deps: Deps) {}

  /**
   * The newest signed license document of a controller. Its serial is the `ETag`: with `If-None-Match` a controller asks
   * whether there is a newer one.
   * @summary Fetch the license document
   */
  @Get('controllers/{installCode}/license-document')
  @Security('oauth2', ['controllers:read'])
  @Example<SignedLicenseDocument>(documentExample)
  @Response<void>(304, 'The document with that serial is the newest')
  @Response<Problem>(404, 'controller_not_found')
  async getLicenseDocument(
    @Request() request: FastifyRequest,
    @Path() installCode: InstallCodeText,
    @Header('If-None-Match') ifNoneMatch?: EntityTag,
  ): Promise<SignedLicenseDocument | undefined> {
    const facts = await newestFacts(this.deps, contextOf(request), installCode);
    setEtag(request, facts.serial);
    if (names(ifNoneMatch, `"${facts.serial}"`)) {
      setStatus(request, 304);
      return undefined;
    }
    return this.deps.signer.sign(facts);
  }

  /**
   * The root key and the signing keys with their certificates: what verifies license documents, offline and for ever.
   * @summary Read the license keys
   */
  @Get('license-keys')
  @Example<LicenseKeys>({
    root: {
      kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
      publicKey:
        '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n',
      fingerprint: '90FA CAFE A9B1 5566 9854 0F70 C011 7A22 EA37 BD5C F3ED 3C47 0930 5707 282B 4B89',
    },
    signing: [
      {
        kid: 'FtIu9Vbno9K1xOJvsxSlX0XHUxjOGkFuZ5PFvCDbDoA',
        certificate: 'eyJhbGciOiJFZERTQSJ9.e30.c2ln',
        current: true,
        revoked: false,
      },
    ],
    revocations: null,
  })
  getLicenseKeys(): LicenseKeys {
    return this.deps.signer.publicKeys();
  }
}
