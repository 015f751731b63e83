/** What the server takes for names and passwords. */
export const NAME = { required: true, maxLength: 64, pattern: "[a-z0-9][a-z0-9._@+\\-]*" };
export const PASSWORD = { required: true, minLength: 10, maxLength: 256 };
