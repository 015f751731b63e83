/** How a marker within an answer opens what it stands for. */
import { createContext, useContext } from "react";

const OpenSource = createContext<(number: number) => void>(() => {});
export const OpenSourceProvider = OpenSource.Provider;
export const useOpenSource = () => useContext(OpenSource);
