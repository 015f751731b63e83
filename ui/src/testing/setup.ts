/** What every test starts from: a clean page, no memory of the last one, a place that scrolls. */
import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";

// Nothing has a size here: whatever draws only what is near the screen is told some.
class SizesOfAll implements ResizeObserver {
  constructor(private readonly tell: ResizeObserverCallback) {}
  observe(target: Element): void {
    const contentRect = new DOMRect(0, 0, 600, 20);
    const entry = { target, contentRect } as unknown as ResizeObserverEntry;
    queueMicrotask(() => this.tell([entry], this));
  }
  unobserve(): void {}
  disconnect(): void {}
}
window.ResizeObserver = SizesOfAll;
Object.defineProperty(HTMLElement.prototype, "clientHeight", { get: () => 1_000 });
Object.defineProperty(HTMLElement.prototype, "offsetParent", {
  get(this: HTMLElement) {
    return this.parentElement;
  },
});

// Two cores may be busy with other tests as well.
configure({ asyncUtilTimeout: 10_000 });

beforeEach(() => {
  window.history.replaceState(null, "", "/");
  localStorage.clear();
  sessionStorage.clear();
  vi.spyOn(window, "scrollTo").mockImplementation((() =>
    Promise.resolve()) as typeof window.scrollTo);
});

afterEach(cleanup);
