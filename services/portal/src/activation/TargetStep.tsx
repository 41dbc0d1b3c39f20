import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/Button.tsx';
import { Field } from '../components/Field.tsx';
import { FilePicker, type PickFault } from '../components/FilePicker.tsx';
import { type InstallCodeFault, lookalikes, readInstallCode } from '../lib/install-code.ts';
import { readRequestFile } from '../lib/signed-file.ts';
import type { Target } from './target.ts';

type Way = Target['way'];
type TargetStepProps = { initial: Target | null; onChosen: (target: Target) => void };

export function TargetStep({ initial, onChosen }: TargetStepProps) {
  const { t } = useTranslation();
  const [way, setWay] = useState<Way>(initial?.way ?? 'code');
  const [text, setText] = useState(initial?.way === 'code' ? initial.installCode : '');
  const [codeFault, setCodeFault] = useState<InstallCodeFault | null>(null);
  const [request, setRequest] = useState(initial?.way === 'request' ? initial : null);
  const [fileFault, setFileFault] = useState<PickFault | null>(null);
  const field = useRef<HTMLInputElement>(null);

  const read = readInstallCode(text);
  const doubtful = 'code' in read ? lookalikes(read.code) : [];

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (way === 'request') {
      if (request) return onChosen(request);
      return setFileFault(fileFault ?? 'none');
    }
    if ('code' in read) return onChosen({ way, installCode: read.code });
    setCodeFault(read.fault);
    field.current?.focus();
  };

  const pick = ({ name, text: content }: { name: string; text: string }) => {
    const preview = readRequestFile(content);
    setRequest(typeof preview === 'string' ? null : { way: 'request', fileName: name, text: content, preview });
    setFileFault(typeof preview === 'string' ? preview : null);
  };

  return (
    <form className="form" onSubmit={submit} noValidate>
      <fieldset className="ways">
        <legend>{t('activate.which')}</legend>
        <WayOption
          way="code"
          chosen={way}
          onChoose={setWay}
          title={t('activate.byCode')}
          help={t('activate.byCodeHelp')}
        />
        <WayOption
          way="request"
          chosen={way}
          onChoose={setWay}
          title={t('activate.byRequest')}
          help={t('activate.byRequestHelp')}
        />
      </fieldset>
      {way === 'code' ? (
        <div className="card">
          <Field
            label={t('activate.code')}
            help={t('activate.codeHelp')}
            fault={codeFault && t(`activate.faults.${codeFault}`)}
            value={text}
            onChange={(value) => {
              setText(value);
              setCodeFault(null);
            }}
            look="code"
            input={{
              ref: field,
              name: 'install-code',
              autoComplete: 'off',
              autoCapitalize: 'characters',
              spellCheck: false,
              enterKeyHint: 'next',
            }}
          />
          <p role="status" className={doubtful.length > 0 ? 'notice warn' : 'unseen'}>
            {doubtful.length > 0 ? t('activate.lookalike', { letters: doubtful.join(', ') }) : ''}
          </p>
          <details>
            <summary>{t('activate.codeWhere')}</summary>
            <p>{t('activate.codeWhereText')}</p>
          </details>
        </div>
      ) : (
        <div className="card">
          <FilePicker
            label={t('activate.request')}
            accept=".req,text/plain,application/octet-stream"
            chosen={request?.fileName ?? null}
            fault={fileFault}
            onPick={pick}
            onFault={(fault) => {
              setRequest(null);
              setFileFault(fault);
            }}
          />
          <details>
            <summary>{t('activate.requestHow')}</summary>
            <p>{t('activate.requestHowText')}</p>
          </details>
        </div>
      )}
      <Button type="submit" weight="primary" icon="next">
        {t('activate.next')}
      </Button>
    </form>
  );
}

function WayOption(props: { way: Way; chosen: Way; onChoose: (way: Way) => void; title: string; help: string }) {
  return (
    <label className="way">
      <input
        type="radio"
        name="way"
        value={props.way}
        checked={props.chosen === props.way}
        onChange={() => props.onChoose(props.way)}
      />
      <span>
        <strong>{props.title}</strong>
        <span>{props.help}</span>
      </span>
    </label>
  );
}
