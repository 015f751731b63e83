/** A question in front of the page; focus stays inside and returns afterwards. */
import { Dialog as Base } from "@base-ui/react/dialog";
import type { ReactNode } from "react";

const POPUP =
  "fixed top-1/2 left-1/2 w-[28rem] max-w-[calc(100vw-2rem)] max-h-[calc(100dvh-2rem)] " +
  "-translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-xl border bg-popover p-5 shadow-xl";

interface Props {
  title: string;
  description?: string;
  /** An alert can't be left by clicking beside it. */
  alert?: boolean;
  onClose: () => void;
  returnFocus?: () => HTMLElement | null;
  children: ReactNode;
}

export function Dialog({ title, description, alert, onClose, returnFocus, children }: Props) {
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()} disablePointerDismissal={alert}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 bg-backdrop" />
        <Base.Popup
          className={POPUP}
          role={alert ? "alertdialog" : "dialog"}
          finalFocus={returnFocus}
        >
          <Base.Title className="text-lg font-semibold">{title}</Base.Title>
          {description && (
            <Base.Description className="mt-2 text-sm text-muted-foreground">
              {description}
            </Base.Description>
          )}
          <div className="mt-4">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="mt-5 flex flex-wrap justify-end gap-2">{children}</div>;
}
