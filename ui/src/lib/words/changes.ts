/** How a list of changed values is read out. */
export const changeText = {
  nothing: "nothing",
  none: "No value differs.",
  before: "before",
  after: "after",
};
