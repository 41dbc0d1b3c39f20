import { normalizeInstallCode } from '@smartserver/contracts';
import { problem, type RequestContext, tenantOf } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { type DocumentFacts, readDocumentFacts } from '../model/document.ts';
import { visibleControllers } from '../tenancy.ts';
import { resignIfStale } from './resign.ts';

/** Facts of a controller's newest document, which it fetches as often as it likes (rule 12). @throws controller_not_found */
export const newestFacts = async (deps: Deps, context: RequestContext, installCode: string): Promise<DocumentFacts> => {
  const visible = visibleControllers(tenantOf(context.actor));
  const code = normalizeInstallCode(installCode);
  await resignIfStale(deps, context, code, visible);
  const facts = await readDocumentFacts(deps.database.kysely, code, visible, deps.signer.kid);
  if (facts === null) throw problem('controller_not_found');
  return facts;
};
