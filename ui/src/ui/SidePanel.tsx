/** What is looked up beside the page; focus goes there and returns afterwards. */
import { Dialog as Base } from "@base-ui/react/dialog";
import type { ReactNode } from "react";
import { text } from "../lib/strings";
import { buttonClass } from "./Button";
import { Icon } from "./icons";

const POPUP =
  "fixed inset-y-0 right-0 z-20 flex w-[34rem] max-w-full flex-col border-l bg-popover shadow-xl";

interface Props {
  title: string;
  onClose: () => void;
  returnFocus?: () => HTMLElement | null;
  children: ReactNode;
}

export function SidePanel({ title, onClose, returnFocus, children }: Props) {
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-20 bg-backdrop" />
        <Base.Popup className={POPUP} finalFocus={returnFocus}>
          <div className="flex items-start justify-between gap-3 border-b p-4">
            <Base.Title className="min-w-0 text-lg font-semibold">{title}</Base.Title>
            <Base.Close aria-label={text.close} className={`${buttonClass("quiet")} min-w-9 px-2`}>
              <Icon name="close" />
            </Base.Close>
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without focus no keyboard could scroll it */}
          <section aria-label={title} tabIndex={0} className="min-h-0 flex-1 overflow-y-auto p-4">
            {children}
          </section>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
