export { AllTokensPage, TokensPage } from "./TokensPage";
