/** Headers by name and value; the value of a secret is typed, kept and never shown. */
import { useRef } from "react";
import { toolText } from "../../lib/words/tools";
import { Button } from "../../ui/Button";
import { FieldGroup } from "../../ui/fields";
import { Icon } from "../../ui/icons";
import { type HeaderRow, newRow } from "./fields";

const words = toolText.form;
const INPUT =
  "min-h-10 min-w-0 flex-1 basis-40 rounded-lg border border-input bg-card px-3 text-sm";
const MOST_SECRETS = 8; // as the server has it
const MOST_HEADERS = 32;

interface Props {
  legend: string;
  hint: string;
  add: string;
  isSecret?: boolean;
  rows: HeaderRow[];
  onChange: (rows: HeaderRow[]) => void;
}

export function HeaderFields({ legend, hint, add, isSecret = false, rows, onChange }: Props) {
  const adder = useRef<HTMLButtonElement>(null);
  const change = (row: number, some: Partial<HeaderRow>) =>
    onChange(rows.map((one) => (one.row === row ? { ...one, ...some } : one)));
  const drop = (row: number) => {
    onChange(rows.filter((one) => one.row !== row));
    adder.current?.focus();
  };
  const most = isSecret ? MOST_SECRETS : MOST_HEADERS;
  return (
    <FieldGroup legend={legend}>
      <p className="text-xs text-muted-foreground">{hint}</p>
      {rows.map((one, at) => (
        <Row
          key={one.row}
          one={one}
          number={at + 1}
          isSecret={isSecret}
          onChange={(some) => change(one.row, some)}
          onDrop={() => drop(one.row)}
        />
      ))}
      <Button
        ref={adder}
        className="self-start"
        disabled={rows.length >= most}
        onClick={() => onChange([...rows, newRow(rows)])}
      >
        {add}
      </Button>
    </FieldGroup>
  );
}

interface RowProps {
  one: HeaderRow;
  number: number;
  isSecret: boolean;
  onChange: (some: Partial<HeaderRow>) => void;
  onDrop: () => void;
}

function Row({ one, number, isSecret, onChange, onDrop }: RowProps) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <input
        aria-label={(isSecret ? words.secretName : words.plainName)(number)}
        placeholder={words.headerName}
        value={one.name}
        readOnly={one.isKept}
        required
        onChange={(event) => onChange({ name: event.target.value })}
        className={`${INPUT} read-only:opacity-70`}
      />
      <input
        aria-label={(isSecret ? words.secretValue : words.plainValue)(number)}
        placeholder={one.isKept ? words.secretKept : words.headerValue}
        type={isSecret ? "password" : "text"}
        autoComplete={isSecret ? "new-password" : "off"}
        value={one.value}
        required={!one.isKept}
        onChange={(event) => onChange({ value: event.target.value })}
        className={`${INPUT} placeholder:text-muted-foreground`}
      />
      <Button
        look="quiet"
        className="min-w-9 px-2"
        aria-label={words.drop(one.name)}
        onClick={onDrop}
      >
        <Icon name="trash" />
      </Button>
    </div>
  );
}
