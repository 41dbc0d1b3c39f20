import type { ReactNode, Ref } from 'react';
import { FieldError } from 'react-aria-components/FieldError';
import { Input, type InputProps } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextField } from 'react-aria-components/TextField';

type FieldProps = {
  label: string;
  help?: ReactNode;
  /** What is wrong, or null. */
  fault: string | null;
  value: string;
  onChange: (value: string) => void;
  input?: Omit<InputProps, 'value' | 'onChange' | 'className'> & { ref?: Ref<HTMLInputElement> };
  look?: 'text' | 'code' | 'digits';
};

/** One line of text, with its help and its fault read out together with it. */
export function Field({ label, help, fault, value, onChange, input, look = 'text' }: FieldProps) {
  return (
    <TextField className="field" value={value} onChange={onChange} isInvalid={fault !== null} validationBehavior="aria">
      <Label>{label}</Label>
      <Input {...input} className={`input ${look}`} />
      {help && (
        <Text slot="description" className="help">
          {help}
        </Text>
      )}
      <FieldError className="fault">{fault}</FieldError>
    </TextField>
  );
}
