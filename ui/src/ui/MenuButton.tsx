/** A button that opens a list of actions. */
import { Menu as Base } from "@base-ui/react/menu";
import type { Ref } from "react";
import { buttonClass } from "./Button";
import { Icon } from "./icons";

export interface MenuProps {
  label: string;
  actions: { label: string; danger?: boolean; onSelect: () => void }[];
  triggerRef?: Ref<HTMLButtonElement>;
  tabIndex?: number;
}

const ITEM =
  "flex min-h-9 cursor-default items-center rounded-md px-3 text-sm outline-none " +
  "data-highlighted:bg-muted";

export default function MenuButton({ label, actions, triggerRef, tabIndex }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger
        ref={triggerRef}
        aria-label={label}
        tabIndex={tabIndex}
        className={`${buttonClass("quiet")} min-w-9 px-2`}
      >
        <Icon name="more" />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner className="z-10 outline-none" sideOffset={4} align="end">
          <Base.Popup className="min-w-48 rounded-lg border bg-popover p-1 shadow-lg outline-none">
            {actions.map((action) => (
              <Base.Item
                key={action.label}
                className={`${ITEM} ${action.danger ? "text-destructive" : ""}`}
                onClick={action.onSelect}
              >
                {action.label}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
