import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { SearchField } from 'react-aria-components/SearchField';
import { Text } from 'react-aria-components/Text';
import { useTranslation } from 'react-i18next';
import type { LicenseFilter } from '../api/queries.ts';

const PLACES = [
  { place: 'all', label: 'licenses.placeAll' },
  { place: 'customer', label: 'licenses.placeCustomer' },
  { place: 'controller', label: 'licenses.placeController' },
] as const;

type LicenseFiltersProps = { filter: LicenseFilter; onChange: (filter: LicenseFilter) => void };

export function LicenseFilters({ filter, onChange }: LicenseFiltersProps) {
  const { t } = useTranslation();
  return (
    <search className="filters">
      <SearchField className="field" value={filter.text} onChange={(text) => onChange({ ...filter, text })}>
        <Label>{t('licenses.search')}</Label>
        <Input className="input text" maxLength={100} spellCheck={false} autoCapitalize="none" />
        <Text slot="description" className="help">
          {t('licenses.searchHelp')}
        </Text>
      </SearchField>
      <fieldset className="choice">
        <legend>{t('licenses.place')}</legend>
        <div className="choice-row">
          {PLACES.map(({ place, label }) => (
            <label key={place}>
              <input
                type="radio"
                name="place"
                checked={filter.place === place}
                onChange={() => onChange({ ...filter, place })}
              />
              <span>{t(label)}</span>
            </label>
          ))}
        </div>
      </fieldset>
    </search>
  );
}
