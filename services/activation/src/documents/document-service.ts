import { type Actor, asInstallCode, type SignedLicenseDocument } from '@smartserver/contracts';
import { problem } from '@smartserver/service-kit';
import type { ActivationDatabase } from '../db.ts';
import { visibleControllers } from '../tenancy.ts';
import type { DocumentSigner } from './document-signer.ts';
import { readDocumentFacts } from './document-store.ts';
import type { DocumentFacts } from './license-document.ts';

/** The signed license document of a controller, which it fetches as often as it likes (rule 12). */
export class DocumentService {
  private readonly database: ActivationDatabase;
  private readonly signer: DocumentSigner;

  constructor({ database, signer }: { database: ActivationDatabase; signer: DocumentSigner }) {
    this.database = database;
    this.signer = signer;
  }

  /** @throws controller_not_found */
  async facts(actor: Actor, installCode: string): Promise<DocumentFacts> {
    const { kysely } = this.database;
    const visible = visibleControllers(actor);
    const facts = await readDocumentFacts(kysely, asInstallCode(installCode), visible, this.signer.kid);
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
