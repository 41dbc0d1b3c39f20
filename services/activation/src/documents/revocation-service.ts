import type { Logger } from '@smartserver/service-kit';
import type { ActivationDatabase } from '../db.ts';
import type { DocumentSigner } from './document-signer.ts';
import { keepRevocations, newestRevocations } from './revocation-store.ts';

/** Milliseconds. An instance whose key is revoked signs nothing any more after this, and a query [guarantees.md 20]. */
const INTERVAL_MS = 2_000;

type Deps = { database: ActivationDatabase; signer: DocumentSigner; logger: Logger };

/**
 * Shares statements of revoked keys through the database: the first instance that is started with one tells all others, which
 * stop signing with a revoked key while they wait for their own restart.
 */
export class RevocationService {
  private readonly deps: Deps;
  private timer: NodeJS.Timeout | null = null;

  constructor(deps: Deps) {
    this.deps = deps;
  }

  /** Keeps the statement that this instance was started with, and learns a newer one. */
  async share(): Promise<void> {
    const { database, signer } = this.deps;
    const known = signer.revocations;
    if (known !== null) await keepRevocations(database.kysely, { ...known, rootKid: signer.rootKid });
    await this.learn();
  }

  async learn(): Promise<void> {
    const { database, signer } = this.deps;
    const statement = await newestRevocations(database.kysely, signer.rootKid);
    if (statement !== null) signer.learn(statement);
  }

  /** Looks for newer statements until told to stop. */
  start(): void {
    const look = (): void => {
      this.learn().catch((err: unknown) => {
        // A database that is away activates nothing either.
        this.deps.logger.warn({ err }, 'statements of revoked keys could not be read');
      });
    };
    this.timer = setInterval(look, INTERVAL_MS);
    this.timer.unref();
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }
}
