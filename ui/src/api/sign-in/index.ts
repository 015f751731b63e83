export { withBearer } from "./bearer";
export { SignIn } from "./signIn";
