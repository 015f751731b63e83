/** Formulas; loaded with the first one. */
import { createMathPlugin } from "@streamdown/math";
import "katex/dist/katex.min.css";

// A single dollar sign is money: "$5 and $10".
export const maths = createMathPlugin({ singleDollarTextMath: false });
