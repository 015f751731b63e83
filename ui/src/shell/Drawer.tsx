/** The navigation where the screen is narrow. */
import { Dialog } from "@base-ui/react/dialog";
import { text } from "../lib/strings";
import { buttonClass } from "../ui/Button";
import { Navigation } from "./Navigation";

export default function Drawer({ onClose }: { onClose: () => void }) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-20 bg-backdrop" />
        <Dialog.Popup className="fixed inset-y-0 right-0 z-20 flex w-72 max-w-[85vw] flex-col gap-4 border-l bg-popover p-4">
          <div className="flex items-center justify-between">
            <Dialog.Title className="px-3 font-semibold">{text.navigation.title}</Dialog.Title>
            <Dialog.Close className={buttonClass("quiet")}>{text.close}</Dialog.Close>
          </div>
          <Navigation onLeave={onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
