import pg from 'pg';
import type { Logger } from '../logger.ts';

/** Channel of the notices: comma-separated types of the events that a transaction has taken. */
export const PROJECTIONS_CHANNEL = 'projections';

const RECONNECT_MS = 200;

/** One connection that listens while it is needed. */
export type NoticeListener = {
  isListening(): boolean;
  /** Opens the connection, or keeps it open. @returns ends that */
  hold(): () => void;
  stop(): Promise<void>;
};

type Options = {
  config: pg.ClientConfig;
  logger: Logger;
  /** Milliseconds that the connection stays open when no wait holds it. */
  idleMs: number;
  onNotice: (types: readonly string[]) => void;
  /** It listens from now on, or does not any more. */
  onChange: () => void;
};

export const createNoticeListener = ({ config, logger, idleMs, onNotice, onChange }: Options): NoticeListener => {
  let client: pg.Client | null = null;
  let listening = false;
  let holders = 0;
  let stopped = false;
  let failing = false;
  let timer: NodeJS.Timeout | undefined;

  const connect = async (): Promise<void> => {
    const { application_name = 'service' } = config;
    const opened = new pg.Client({ ...config, application_name: `${application_name} notices` });
    client = opened;
    opened.on('error', (err) => logger.debug({ err }, 'projection listener connection error'));
    opened.on('end', () => lost(opened));
    opened.on('notification', ({ payload = '' }) => onNotice(payload.split(',')));
    try {
      await opened.connect();
      await opened.query(`listen ${PROJECTIONS_CHANNEL}`);
      if (client !== opened) return;
      listening = true;
      failing = false;
      onChange();
    } catch (err) {
      // An outage is logged once, not five times a second.
      if (client === opened) logger[failing ? 'debug' : 'warn']({ err }, 'projection listener connection failed');
      failing = true;
      void close(opened);
      lost(opened);
    }
  };

  const lost = (which: pg.Client): void => {
    if (client !== which) return;
    client = null;
    if (listening) {
      listening = false;
      onChange();
    }
    if (holders > 0 && !stopped) schedule(RECONNECT_MS, () => void connect());
  };

  const close = (which: pg.Client): Promise<void> => which.end().catch(() => undefined);

  const disconnect = async (): Promise<void> => {
    const open = client;
    if (open === null) return;
    client = null;
    listening = false;
    onChange();
    await close(open);
  };

  const schedule = (milliseconds: number, work: () => void): void => {
    clearTimeout(timer);
    timer = setTimeout(work, milliseconds).unref();
  };

  return {
    isListening: () => listening,
    hold: () => {
      holders += 1;
      if (holders === 1 && !stopped) {
        clearTimeout(timer);
        if (client === null) void connect();
      }
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        holders -= 1;
        if (holders === 0 && !stopped) schedule(idleMs, () => void disconnect());
      };
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await disconnect();
    },
  };
};
