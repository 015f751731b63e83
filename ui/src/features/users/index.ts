export { PasswordDialog } from "./PasswordDialog";
export { UsersPage } from "./UsersPage";
