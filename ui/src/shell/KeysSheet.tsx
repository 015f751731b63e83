/** Which keys there are. */
import { useState } from "react";
import { areCharacterKeysOn, switchCharacterKeys } from "../lib/shortcuts";
import { keysText } from "../lib/words/palette";
import { Button } from "../ui/Button";
import { Dialog, DialogActions } from "../ui/Dialog";
import { CheckField } from "../ui/fields";

interface Props {
  onClose: () => void;
  returnFocus: () => HTMLElement | null;
}

export default function KeysSheet({ onClose, returnFocus }: Props) {
  const [isOn, setOn] = useState(areCharacterKeysOn);
  const change = (next: boolean) => {
    switchCharacterKeys(next);
    setOn(next);
  };
  return (
    <Dialog title={keysText.title} onClose={onClose} returnFocus={returnFocus}>
      {keysText.groups.map(({ name, keys }) => (
        <section key={name} className="mb-5">
          <h3 className="mb-2 text-sm font-semibold">{name}</h3>
          <dl className="flex flex-col gap-1.5 text-sm">
            {keys.map(([key, about]) => (
              <div key={key} className="flex flex-wrap gap-x-3">
                <dt className="w-40 shrink-0">
                  <kbd className="font-sans font-medium">{key}</kbd>
                </dt>
                <dd className="min-w-40 flex-1 text-muted-foreground">{about}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <CheckField
        label={keysText.characters}
        hint={keysText.charactersHint}
        checked={isOn}
        onChange={change}
      />
      <DialogActions>
        <Button look="primary" onClick={onClose}>
          {keysText.close}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
