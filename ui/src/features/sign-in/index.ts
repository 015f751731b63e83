export { takeArrival, useArrivalAnswer, useArrivalCode } from "./arrival";
export { SignInPage } from "./SignInPage";
