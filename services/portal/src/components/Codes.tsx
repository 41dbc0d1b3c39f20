import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { useTranslation } from 'react-i18next';
import { groupsOf } from '../lib/install-code.ts';
import { Icon } from './Icon.tsx';

/** In groups, easy to compare with the label; copied, it has no gaps. */
export function InstallCode({ code, large = false }: { code: string; large?: boolean }) {
  return (
    <span className={large ? 'code install-code large' : 'code install-code'} translate="no">
      {groupsOf(code).map((group, index) => (
        <span key={index}>{group}</span>
      ))}
    </span>
  );
}

const COPIED_MS = 2_000;

export function CopyButton({ text, what }: { text: string; what: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  // Without TLS a browser has no clipboard for pages; the text can be selected all the same.
  if (!navigator.clipboard) return null;
  return (
    <>
      <Button
        className="copy"
        aria-label={t('app.copyOf', { what })}
        onPress={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
      >
        <Icon name={copied ? 'check' : 'copy'} />
        {copied ? t('app.copied') : t('app.copy')}
      </Button>
      <span role="status" className="unseen">
        {copied ? t('app.copied') : ''}
      </span>
    </>
  );
}
