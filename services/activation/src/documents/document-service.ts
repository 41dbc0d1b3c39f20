import { normalizeInstallCode, type SignedLicenseDocument } from '@smartserver/contracts';
import { problem, type RequestContext } from '@smartserver/service-kit';
import type { ActivationDatabase } from '../db.ts';
import type { ResignService } from '../resigning/resign-service.ts';
import { visibleControllers } from '../tenancy.ts';
import type { DocumentSigner } from './document-signer.ts';
import { readDocumentFacts } from './document-store.ts';
import type { DocumentFacts } from './license-document.ts';

/** The signed license document of a controller, which it fetches as often as it likes (rule 12). */
export class DocumentService {
  private readonly database: ActivationDatabase;
  private readonly signer: DocumentSigner;
  private readonly resigning: ResignService;

  constructor(deps: { database: ActivationDatabase; signer: DocumentSigner; resigning: ResignService }) {
    this.database = deps.database;
    this.signer = deps.signer;
    this.resigning = deps.resigning;
  }

  /** @throws controller_not_found */
  async facts(caller: Pick<RequestContext, 'actor' | 'traceparent'>, installCode: string): Promise<DocumentFacts> {
    const visible = visibleControllers(caller.actor);
    const code = normalizeInstallCode(installCode);
    await this.resigning.resignIfStale(caller, code, visible);
    const facts = await readDocumentFacts(this.database.kysely, code, visible, this.signer.kid);
    if (facts === null) throw problem('controller_not_found');
    return facts;
  }

  sign(facts: DocumentFacts): SignedLicenseDocument {
    return this.signer.sign(facts);
  }

  publicKeys() {
    return this.signer.publicKeys();
  }
}
