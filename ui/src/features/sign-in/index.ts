export { takeArrivalCode, useArrivalCode } from "./arrival";
export { SignInPage } from "./SignInPage";
