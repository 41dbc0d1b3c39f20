import { ApiProblem, ApiUnreachable } from '@smartserver/client';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { configQuery } from '../api/queries.ts';
import { type HelpTopic, topicOf } from '../help/topics.ts';
import { Button } from './Button.tsx';
import { Contact } from './Contact.tsx';
import { Icon } from './Icon.tsx';

/** Topics that end with a person to ask. */
const ASK: readonly HelpTopic[] = [
  'unexpected',
  'internal',
  'contact_customer_success',
  'license_suspended',
  'license_revoked',
  'controller_key',
  'receipt_invalid',
];

/** Topics where the API gives the very reason, which no general words replace. */
const DETAILED: readonly HelpTopic[] = ['request_file_invalid', 'receipt_invalid'];

const topicOfError = (error: unknown): HelpTopic => {
  if (error instanceof ApiUnreachable) return 'unreachable';
  return error instanceof ApiProblem ? topicOf(error.code) : 'unexpected';
};

type ErrorNoticeProps = {
  error: unknown;
  retry?: (() => void) | undefined;
};

/** What went wrong, what to do about it, where to read more. Takes the focus, so that nobody has to look for it. */
export function ErrorNotice({ error, retry }: ErrorNoticeProps) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const topic = topicOfError(error);
  const problem = error instanceof ApiProblem ? error : null;
  const { data: config } = useQuery({ ...configQuery, enabled: ASK.includes(topic) });
  useEffect(() => box.current?.focus(), [error]);
  return (
    <div className="notice bad" role="alert" tabIndex={-1} ref={box}>
      <Icon name="warning" />
      <div>
        <p className="notice-title">{t(`problems.${topic}.title`)}</p>
        <p>
          {t(`problems.${topic}.advice`)}{' '}
          {problem?.retryAfterSeconds && t('problem.wait', { count: problem.retryAfterSeconds })}
        </p>
        {DETAILED.includes(topic) && problem?.detail && <p lang="en">{problem.detail}</p>}
        {ASK.includes(topic) && config && (
          <p>
            <Trans
              i18nKey="problem.contact"
              components={[<Contact key="contact" contact={config.customerSuccessContact} />]}
            />
          </p>
        )}
        {problem && (
          <p className="small">
            <a href={`/problems/${encodeURIComponent(problem.code)}`} target="_blank" rel="noopener" hrefLang="en">
              {t('problem.more')}
            </a>
            {problem.requestId && (
              <span className="reference">{t('problem.reference', { id: problem.requestId })}</span>
            )}
          </p>
        )}
        {retry && (
          <p>
            <Button onPress={retry}>{t('app.tryAgain')}</Button>
          </p>
        )}
      </div>
    </div>
  );
}
