/** Keys that work on every page. One that is a mere character can be switched off. */
const KEY = "lisa.characterKeys";

export const areCharacterKeysOn = () => localStorage.getItem(KEY) !== "off";
export const switchCharacterKeys = (isOn: boolean) =>
  localStorage.setItem(KEY, isOn ? "on" : "off");

export type Wish = "palette" | "keys" | "new";

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName));

const COMMANDS: Record<string, Wish> = { k: "palette", "/": "keys", "shift+o": "new" };

export function wishOf(event: KeyboardEvent): Wish | null {
  if (event.altKey) return null;
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey)
    return COMMANDS[key] ?? COMMANDS[event.shiftKey ? `shift+${key}` : key] ?? null;
  const isMeant = key === "?" && areCharacterKeysOn() && !isTyping(event.target);
  return isMeant ? "keys" : null;
}
