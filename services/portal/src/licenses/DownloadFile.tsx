import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { downloadFile } from '../api/commands.ts';
import type { OfflineActivation } from '../api/queries.ts';
import { Button } from '../components/Button.tsx';
import { ErrorNotice } from '../components/ErrorNotice.tsx';

export function DownloadFile({ activation }: { activation: OfflineActivation }) {
  const { t } = useTranslation();
  const { mutate, isPending, isSuccess, error } = useMutation({ mutationFn: () => downloadFile(activation) });
  return (
    <>
      {error && <ErrorNotice error={error} />}
      <p>
        <Button
          weight="primary"
          icon="download"
          isPending={isPending}
          pendingText={t('file.downloading')}
          onPress={() => mutate()}
        >
          {t('file.download')}
        </Button>
      </p>
      <p role="status" className={isSuccess ? 'small' : 'unseen'}>
        {isSuccess ? t('file.downloaded', { name: activation.fileName }) : ''}
      </p>
    </>
  );
}
