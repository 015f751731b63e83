/** What is wider than the page is scrolled by itself: it must be reached by the keyboard as well. */
import { type RefObject, useLayoutEffect } from "react";
import { chatText } from "../../../lib/words/chat";

const WIDE =
  "[data-streamdown=code-block-body], [data-streamdown=table-wrapper] div, .katex-display";
/** While words come: measuring after each of them would lay the page out once more each time. */
const EVERY_MS = 300;

export function useReachableScroll(root: RefObject<HTMLElement | null>, isGrowing: boolean): void {
  useLayoutEffect(() => {
    const element = root.current;
    if (!element) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const markAll = () => {
      timer = undefined;
      for (const one of element.querySelectorAll<HTMLElement>(WIDE)) mark(one);
    };
    const look = () => {
      if (isGrowing) timer ??= setTimeout(markAll, EVERY_MS);
      else markAll();
    };
    const sizes = new ResizeObserver(look);
    const changes = new MutationObserver(look);
    sizes.observe(element);
    changes.observe(element, { childList: true, subtree: true });
    look(); // at once: a first frame that nobody can scroll would be one too many
    return () => {
      clearTimeout(timer);
      sizes.disconnect();
      changes.disconnect();
    };
  }, [root, isGrowing]);
}

function mark(element: HTMLElement): void {
  const isWide = element.scrollWidth > element.clientWidth;
  if (isWide === element.hasAttribute("tabindex")) return;
  element.toggleAttribute("tabindex", isWide);
  if (!isWide) return;
  element.tabIndex = 0;
  element.role = "group";
  element.ariaLabel = chatText.markdown.wide;
}
