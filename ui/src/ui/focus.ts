/** The place focus goes to when what had it is gone. */
export const MAIN_ID = "main";

export const mainElement = () => document.getElementById(MAIN_ID);
