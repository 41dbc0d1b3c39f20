import { type DragEvent, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type FileFault, LARGEST_FILE_BYTES } from '../lib/signed-file.ts';
import { Icon } from './Icon.tsx';

export type PickFault = FileFault | 'unreadable' | 'none';

type FilePickerProps = {
  label: string;
  accept: string;
  chosen: string | null;
  fault: PickFault | null;
  onPick: (file: { name: string; text: string }) => void;
  onFault: (fault: PickFault) => void;
};

/** Choose a file, or drop it. The button is the browser's own file field, so that every phone and screen reader knows it. */
export function FilePicker({ label, accept, chosen, fault, onPick, onFault }: FilePickerProps) {
  const { t } = useTranslation();
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();

  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    if (file.size > LARGEST_FILE_BYTES) return onFault('too_large');
    try {
      onPick({ name: file.name, text: await file.text() });
    } catch {
      onFault('unreadable');
    }
  };

  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is for mice only; everybody else has the file field in it.
    <div
      className={over ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <p className="drop-label" id={`${id}-label`}>
        {label}
      </p>
      <label className="button secondary file-button">
        <input
          ref={input}
          type="file"
          accept={accept}
          aria-labelledby={`${id}-label ${id}-button`}
          aria-describedby={`${id}-state`}
          aria-invalid={fault !== null}
          onChange={({ target }) => {
            void take(target.files?.[0]);
            // The same file may be chosen again, after it was made anew.
            target.value = '';
          }}
        />
        <Icon name="upload" />
        <span id={`${id}-button`}>{chosen === null ? t('drop.choose') : t('drop.other')}</span>
      </label>
      <span className="drop-hint">{t('drop.hint')}</span>
      <p id={`${id}-state`} className={fault === null ? 'drop-state' : 'drop-state fault'} role="status">
        {fault !== null && t(`drop.faults.${fault}`)}
        {fault === null && chosen !== null && t('drop.chosen', { name: chosen })}
      </p>
    </div>
  );
}
