/** Sessions that are dragged onto a project, or out of one. */
import { type DragEvent, useState } from "react";
import type { Session } from "../../api/sessions";

const KIND = "application/x-lisa-session";

export function carry(event: DragEvent, session: Session): void {
  event.dataTransfer.setData(KIND, JSON.stringify(session));
  event.dataTransfer.effectAllowed = "move";
}

/** What makes an element a place where sessions can be put down. */
export function useDropPlace(onDrop: (session: Session) => void) {
  const [isOver, setOver] = useState(false);
  const isOurs = ({ dataTransfer }: DragEvent) => dataTransfer.types.includes(KIND);
  const handlers = {
    onDragOver: (event: DragEvent) => {
      if (!isOurs(event)) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      if (!isOurs(event)) return;
      event.preventDefault();
      setOver(false);
      onDrop(JSON.parse(event.dataTransfer.getData(KIND)) as Session);
    },
  };
  return { isOver, handlers };
}
